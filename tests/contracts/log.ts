import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { MAX_FRAME_BYTES } from '../../shared/schema/index.ts'
import type { LogSet } from '../../node/log/index.ts'

export interface LogsUnderTest {
  logs: LogSet
  /** Takes the disk's room away, or gives it back. */
  setFull(full: boolean): void
  /** Closes the logs and opens them anew, where they outlive a process. */
  reopen?: () => Promise<LogSet>
  close(): Promise<void>
}

const bytes = (text: string) => new TextEncoder().encode(text)

/** What every implementation of `Log` and `LogSet` holds to. `open` gives empty logs of the device `device`. */
export function logContract(name: string, device: string, open: () => Promise<LogsUnderTest>): void {
  describe(`log: ${name}`, () => {
    let made: LogsUnderTest
    before(async () => {
      made = await open()
    })
    after(() => made.close())

    const collect = async (range?: { from?: number; to?: number; signal?: AbortSignal }) => {
      const found: { seq: number; text: string }[] = []
      for await (const { seq, block } of made.logs.own.read(range))
        found.push({ seq, text: Buffer.from(block).toString() })
      return found
    }

    test('a new log is empty, writable and the device’s own', async () => {
      const { own } = made.logs
      assert.equal(own.device, device)
      assert.equal(own.writable, true)
      assert.equal(own.length, 0)
      assert.deepEqual(made.logs.all(), [own])
      assert.deepEqual(await collect(), [])
      assert.equal(await own.append([]), 0)
    })

    test('appended blocks are counted, kept in order and read back', async () => {
      const { own } = made.logs
      assert.equal(await own.append([bytes('one')]), 1)
      assert.equal(await own.append([bytes('two'), bytes('three')]), 3)
      assert.equal(own.length, 3)
      assert.deepEqual(Buffer.from(await own.get(1)), Buffer.from('two'))
      assert.deepEqual(
        (await collect()).map(({ text }) => text),
        ['one', 'two', 'three'],
      )
      assert.deepEqual(await collect({ from: 1, to: 2 }), [{ seq: 1, text: 'two' }])
      assert.deepEqual(await collect({ from: 3 }), [])
    })

    test('a block outside the log is an error with a code', async () => {
      for (const seq of [-1, made.logs.own.length, 1.5, NaN, Infinity, 2 ** 53]) {
        await assert.rejects(made.logs.own.get(seq), { code: 'no-such-block' }, String(seq))
      }
    })

    test('blocks of any bytes survive; neither side can change what is kept', async () => {
      const { own } = made.logs
      const blocks = [
        new Uint8Array(0),
        new Uint8Array(1),
        new Uint8Array(MAX_FRAME_BYTES).fill(7),
        Uint8Array.of(0, 255, 128),
      ]
      const copies = blocks.map(block => Uint8Array.from(block))
      const length = await own.append(blocks)
      assert.deepEqual(blocks, copies)
      blocks[3]!.fill(9)
      ;(await own.get(length - 1)).fill(8)
      for (const [i, copy] of copies.entries()) {
        assert.equal(Buffer.compare(await own.get(length - copies.length + i), copy), 0, `block ${i}`)
      }
    })

    test('a block over the limit of a frame is refused, and all that came with it', async () => {
      const { own } = made.logs
      const length = own.length
      const tooLarge = own.append([bytes('small'), new Uint8Array(MAX_FRAME_BYTES + 1)])
      await assert.rejects(tooLarge, { code: 'block-too-large' })
      assert.equal(own.length, length)
    })

    test('appends at once keep the order of their calls, each whole', async () => {
      const { own } = made.logs
      const start = own.length
      const lengths = await Promise.all(
        Array.from({ length: 40 }, (_, i) => own.append([bytes(`a${i}`), bytes(`b${i}`)])),
      )
      assert.deepEqual(
        lengths,
        lengths.map((_, i) => start + 2 * (i + 1)),
      )
      const found = await collect({ from: start })
      assert.deepEqual(
        found.map(({ text }) => text),
        lengths.flatMap((_, i) => [`a${i}`, `b${i}`]),
      )
    })

    test('reading stops at the length of its start, when its reader leaves, and when aborted', async () => {
      const { own } = made.logs
      const length = own.length
      const reader = own.read()[Symbol.asyncIterator]()
      await own.append([bytes('later')])
      let count = 0
      for (;;) {
        const next = await reader.next()
        if (next.done) break
        assert.equal(next.value.seq, count++)
      }
      assert.equal(count, length)
      for await (const { seq } of own.read()) if (seq === 2) break
      const aborted = new AbortController()
      const reading = (async () => {
        for await (const { seq } of own.read({ signal: aborted.signal })) if (seq === 3) aborted.abort()
      })()
      await assert.rejects(reading, { name: 'AbortError' })
    })

    test('a full disk refuses an append whole, and takes it when there is room again', async () => {
      const { own } = made.logs
      const length = own.length
      made.setFull(true)
      await assert.rejects(own.append([bytes('x'), bytes('y')]), { code: 'disk-full' })
      assert.equal(own.length, length)
      assert.deepEqual((await collect()).length, length)
      made.setFull(false)
      assert.equal(await own.append([bytes('z')]), length + 1)
      assert.deepEqual(
        (await collect({ from: length })).map(({ text }) => text),
        ['z'],
      )
    })

    test('any history of appends and reopenings reads back the same', async () => {
      const model = (await collect()).map(({ text }) => text)
      const step = fc.oneof(fc.array(fc.string({ maxLength: 300 }), { maxLength: 8 }), fc.constant('reopen' as const))
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 8 }), async steps => {
          for (const step of steps) {
            if (step !== 'reopen') {
              model.push(...step)
              assert.equal(await made.logs.own.append(step.map(bytes)), model.length)
            } else if (made.reopen) made.logs = await made.reopen()
          }
          assert.equal(made.logs.own.length, model.length)
          assert.deepEqual(
            (await collect()).map(({ text }) => text),
            model,
          )
        }),
        { numRuns: 15, seed: 5 },
      )
    })

    test('closing waits for appends under way; afterwards nothing is taken', async () => {
      const { own } = made.logs
      const length = own.length
      const last = own.append([bytes('last')])
      await made.logs.close()
      assert.equal(await last, length + 1)
      await assert.rejects(own.append([bytes('late')]), { code: 'not-writable' })
    })
  })
}
