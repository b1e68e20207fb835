import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { Check } from 'typebox/value'
import { RenditionPlace } from '../../shared/schema/index.ts'
import type { Drive } from '../../node/drive/index.ts'

export interface DriveUnderTest {
  drive: Drive
  /** Takes the disk's room away, or gives it back. */
  setFull(full: boolean): void
  /** Closes the drive and opens it anew, where it outlives a process. */
  reopen?: () => Promise<Drive>
  close(): Promise<void>
}

/** What every implementation of `Drive` holds to. `open` gives an empty one. */
export function driveContract(name: string, open: () => Promise<DriveUnderTest>): void {
  describe(`drive: ${name}`, () => {
    let made: DriveUnderTest
    before(async () => {
      made = await open()
    })
    after(() => made.close())

    const piece = (length: number, seed: number) =>
      Uint8Array.from({ length }, (_, i) => (i * 31 + seed * 17 + (i >> 8)) & 255)
    const same = (one: Uint8Array | null, two: Uint8Array) => one !== null && Buffer.compare(one, two) === 0

    test('a new drive is empty', async () => {
      assert.deepEqual(await made.drive.stats(), { packs: 0, bytes: 0 })
      assert.deepEqual(await made.drive.putPack([]), [])
      assert.equal(await made.drive.get({ pack: 'packs/none', offset: 0, length: 1 }), null)
      assert.deepEqual(await made.drive.stats(), { packs: 0, bytes: 0 })
    })

    test('every piece of a pack reads back from its place, whatever blocks it crosses', async () => {
      // Around the sizes where blocks and writes end.
      const pieces = [1, 15_000, 262_144, 262_143, 262_145, 1, 1_048_576, 700_001, 3].map(piece)
      const places = await made.drive.putPack(pieces)
      assert.equal(places.length, pieces.length)
      assert.equal(new Set(places.map(place => place.pack)).size, 1)
      assert.ok(Check(RenditionPlace.properties.pack, places[0]!.pack), places[0]!.pack)
      for (const [i, place] of places.entries()) {
        assert.equal(place.length, pieces[i]!.length)
        assert.ok(same(await made.drive.get(place), pieces[i]!), `piece ${i}`)
      }
      assert.deepEqual(await made.drive.stats(), {
        packs: 1,
        bytes: pieces.reduce((sum, { length }) => sum + length, 0),
      })
    })

    test('a place outside its pack is refused', async () => {
      const [place] = await made.drive.putPack([piece(1000, 1)])
      const { pack } = place!
      for (const [offset, length] of [
        [0, 1001],
        [1000, 1],
        [-1, 2],
        [0, 0],
        [5, -1],
        [0.5, 1],
        [0, NaN],
        [2 ** 53, 1],
        [0, 2 ** 60],
      ] as const) {
        await assert.rejects(made.drive.get({ pack, offset, length }), { code: 'bad-place' }, `${offset} ${length}`)
      }
      for (const name of ['', '../x', 'packs/UPPER', 'a\0b', 'x'.repeat(129)]) {
        await assert.rejects(made.drive.get({ pack: name, offset: 0, length: 1 }), { code: 'bad-place' }, name)
      }
      assert.ok(same(await made.drive.get({ pack, offset: 999, length: 1 }), piece(1000, 1).subarray(999)))
    })

    test('packs written at once are whole and bear names of their own', async () => {
      const before = await made.drive.stats()
      const packs = Array.from({ length: 12 }, (_, n) => [piece(1000 * n + 1, n), piece(300_000, n + 1)])
      const places = await Promise.all(packs.map(pieces => made.drive.putPack(pieces)))
      assert.equal(new Set(places.map(([place]) => place!.pack)).size, packs.length)
      const written = packs.flat().reduce((sum, { length }) => sum + length, 0)
      assert.deepEqual(await made.drive.stats(), { packs: before.packs + packs.length, bytes: before.bytes + written })
      for (const [n, pieces] of packs.entries()) {
        for (const [i, bytes] of pieces.entries()) assert.ok(same(await made.drive.get(places[n]![i]!), bytes))
      }
    })

    test('neither side can change what is kept', async () => {
      const bytes = piece(500, 3)
      const copy = Uint8Array.from(bytes)
      const [place] = await made.drive.putPack([bytes])
      assert.deepEqual(bytes, copy)
      bytes.fill(0)
      ;(await made.drive.get(place!))!.fill(1)
      assert.ok(same(await made.drive.get(place!), copy))
    })

    test('an empty piece is refused', async () => {
      const before = await made.drive.stats()
      await assert.rejects(made.drive.putPack([piece(5, 1), new Uint8Array(0)]), { code: 'empty-piece' })
      assert.deepEqual(await made.drive.stats(), before)
    })

    test('a full disk refuses a pack whole, and takes it when there is room again', async () => {
      const before = await made.drive.stats()
      made.setFull(true)
      await assert.rejects(made.drive.putPack([piece(500_000, 1)]), { code: 'disk-full' })
      assert.deepEqual(await made.drive.stats(), before)
      made.setFull(false)
      const [place] = await made.drive.putPack([piece(500_000, 1)])
      assert.ok(same(await made.drive.get(place!), piece(500_000, 1)))
    })

    test('any history of packs and reopenings reads back the same, in any range', async () => {
      const sizes = fc.array(fc.integer({ min: 1, max: 400_000 }), { minLength: 1, maxLength: 6 })
      const step = fc.oneof({ weight: 4, arbitrary: sizes }, { weight: 1, arbitrary: fc.constant('reopen' as const) })
      await fc.assert(
        fc.asyncProperty(
          fc.array(step, { maxLength: 5 }),
          fc.double({ min: 0, max: 0.99, noNaN: true }),
          async (steps, at) => {
            const stats = await made.drive.stats()
            const held: { place: Awaited<ReturnType<Drive['putPack']>>[number]; bytes: Uint8Array }[] = []
            for (const [n, step] of steps.entries()) {
              if (step === 'reopen') {
                if (made.reopen) made.drive = await made.reopen()
                continue
              }
              const pieces = step.map(piece)
              const places = await made.drive.putPack(pieces)
              for (const [i, place] of places.entries()) held.push({ place, bytes: pieces[i]! })
              stats.packs++
              stats.bytes += pieces.reduce((sum, { length }) => sum + length, 0)
              void n
            }
            for (const { place, bytes } of held) {
              assert.ok(same(await made.drive.get(place), bytes))
              const from = Math.floor(at * place.length)
              const part = { pack: place.pack, offset: place.offset + from, length: place.length - from }
              assert.ok(same(await made.drive.get(part), bytes.subarray(from)))
            }
            assert.deepEqual(await made.drive.stats(), stats)
          },
        ),
        { numRuns: 12, seed: 6 },
      )
    })

    test('closing waits for packs under way; afterwards nothing is taken', async () => {
      const last = made.drive.putPack([piece(300_000, 1)])
      await made.drive.close()
      assert.equal((await last).length, 1)
      await assert.rejects(made.drive.putPack([piece(1, 1)]), { code: 'drive-closed' })
      await made.drive.close()
    })
  })
}
