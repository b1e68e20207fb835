import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { describe, test } from 'node:test'
import type { Expected, OriginalStore } from '../../node/originals/index.ts'

/** An implementation under the contract of `OriginalStore`. */
export interface OriginalStoreCase {
  /** Opens the store over `folder`; opening it again finds what was stored, where `persistent`. */
  open: (folder: string) => Promise<{ store: OriginalStore; close: () => Promise<void> }>
  persistent: boolean
  /** False: originals stay in the files that were given. */
  copies: boolean
  /** Whether originals are files. */
  files: boolean
}

const placing = { fileName: 'IMG_1234.HEIC', takenAt: '2024-07-31T18:05:12' }

export function expectedOf(bytes: Uint8Array): Expected {
  return { sha256: new Uint8Array(createHash('sha256').update(bytes).digest()), bytes: bytes.length }
}

/** Bytes that look like chance and are the same for the same seed. */
export function bytesOf(seed: string, length: number): Buffer {
  const block = createHash('sha512').update(seed).digest()
  const bytes = Buffer.alloc(length)
  for (let at = 0; at < length; at += block.length) {
    block.writeUInt32LE(at >>> 0, 0)
    block.copy(bytes, at)
  }
  return bytes
}

/** Gives a file the same whole millisecond again; fractions and rounding aside. */
export async function setTime(path: string, mtimeMs: number): Promise<void> {
  const seconds = (Math.floor(mtimeMs) + 0.5) / 1000
  await utimes(path, seconds, seconds)
}

export function originalStoreContract(name: string, { open, persistent, copies, files }: OriginalStoreCase): void {
  const withStore = async (
    work: (given: {
      store: OriginalStore
      folder: string
      reopen: () => Promise<OriginalStore>
      give: (name: string, bytes: Uint8Array) => Promise<string>
      keep: (seed: string, length?: number) => Promise<{ bytes: Buffer; expected: Expected; path: string }>
    }) => Promise<void>,
  ) => {
    const folder = await mkdtemp(join(tmpdir(), 'homeroll-originals-'))
    let opened = await open(folder)
    const give = async (fileName: string, bytes: Uint8Array) => {
      const path = join(folder, `given-${fileName}`)
      await writeFile(path, bytes)
      return path
    }
    try {
      await work({
        store: opened.store,
        folder,
        give,
        async reopen() {
          await opened.close()
          opened = await open(folder)
          return opened.store
        },
        async keep(seed, length = 5000) {
          const bytes = bytesOf(seed, length)
          const path = await give(seed, bytes)
          const expected = expectedOf(bytes)
          const outcome = await opened.store.put({ kind: 'file', path }, expected, placing)
          assert.equal(outcome.outcome, 'stored')
          return { bytes, expected, path }
        },
      })
    } finally {
      await opened.close()
      await rm(folder, { recursive: true, force: true })
    }
  }
  const read = async (store: OriginalStore, sha256: Uint8Array, range?: { start: number; end: number }) => {
    const stream = await store.get(sha256, range)
    return stream && buffer(stream)
  }
  const listed = async (store: OriginalStore) => {
    const all: string[] = []
    for await (const one of store.list()) all.push(`${Buffer.from(one.sha256).toString('hex')} ${one.bytes}`)
    return all.sort()
  }

  describe(`${name} keeps the contract of OriginalStore`, () => {
    test('what was put is had, read back, listed, counted and intact', () =>
      withStore(async ({ store, keep }) => {
        const kept = [await keep('a', 1), await keep('b', 70_000), await keep('c', 3_000_001)]
        for (const { bytes, expected } of kept) {
          assert.equal(await store.has(expected.sha256), true)
          assert.ok((await read(store, expected.sha256))?.equals(bytes))
          assert.equal(await store.verify(expected.sha256), 'intact')
        }
        assert.deepEqual(
          await listed(store),
          kept.map(({ expected: e }) => `${Buffer.from(e.sha256).toString('hex')} ${e.bytes}`).sort(),
        )
        assert.deepEqual(await store.stats(), { originals: 3, bytes: 3_070_002 })
      }))

    test('what was never put is not had, not read, missing and not removed', () =>
      withStore(async ({ store }) => {
        const { sha256 } = expectedOf(bytesOf('never', 10))
        assert.equal(await store.has(sha256), false)
        assert.equal(await store.get(sha256), null)
        assert.equal(await store.pathOf(sha256), null)
        assert.equal(await store.verify(sha256), 'missing')
        assert.equal(await store.remove(sha256), false)
        assert.deepEqual(await store.stats(), { originals: 0, bytes: 0 })
      }))

    test('a range counts as HTTP does, and one outside is refused', () =>
      withStore(async ({ store, keep }) => {
        const { bytes, expected } = await keep('range', 100_000)
        const cases: [number, number, Buffer][] = [
          [0, 0, bytes.subarray(0, 1)],
          [10, 19, bytes.subarray(10, 20)],
          [99_999, 99_999, bytes.subarray(99_999)],
          [99_000, 1_000_000, bytes.subarray(99_000)],
        ]
        for (const [start, end, want] of cases) {
          assert.ok((await read(store, expected.sha256, { start, end }))?.equals(want), `${start}-${end}`)
        }
        for (const [start, end] of [
          [100_000, 100_001],
          [-1, 5],
          [5, 4],
          [0.5, 2],
        ] as const) {
          await assert.rejects(store.get(expected.sha256, { start, end }), { code: 'bad-range', status: 416 })
        }
      }))

    test('one content is kept once, under whatever name it comes', () =>
      withStore(async ({ store, give, keep }) => {
        const { bytes, expected } = await keep('twice')
        const again = await give('again', bytes)
        const outcome = await store.put({ kind: 'file', path: again }, expected, { ...placing, fileName: 'other.jpg' })
        assert.equal(outcome.outcome, 'present')
        assert.deepEqual(await store.stats(), { originals: 1, bytes: bytes.length })
        assert.equal((await listed(store)).length, 1)
      }))

    test('racing puts of one content store it once', () =>
      withStore(async ({ store, give }) => {
        const bytes = bytesOf('race', 200_000)
        const paths = await Promise.all(Array.from({ length: 8 }, (_, n) => give(`race-${n}`, bytes)))
        const outcomes = await Promise.all(
          paths.map(path => store.put({ kind: 'file', path }, expectedOf(bytes), placing)),
        )
        assert.equal(outcomes.filter(({ outcome }) => outcome === 'stored').length, 1)
        assert.equal(outcomes.filter(({ outcome }) => outcome === 'present').length, 7)
        assert.deepEqual(await store.stats(), { originals: 1, bytes: bytes.length })
      }))

    test('racing puts of many contents under one name keep them all', () =>
      withStore(async ({ store, keep }) => {
        const kept = await Promise.all(Array.from({ length: 24 }, (_, n) => keep(`many-${n}`)))
        for (const { bytes, expected } of kept) assert.ok((await read(store, expected.sha256))?.equals(bytes))
        assert.equal((await store.stats()).originals, 24)
      }))

    test('other bytes than expected are a mismatch and nothing is kept', () =>
      withStore(async ({ store, give }) => {
        const wanted = expectedOf(bytesOf('wanted', 500))
        for (const [seed, length] of [
          ['other', 500],
          ['wanted', 499],
          ['wanted', 501],
        ] as const) {
          const path = await give('mismatch', bytesOf(seed, length))
          const outcome = await store.put({ kind: 'file', path }, wanted, placing)
          assert.equal(outcome.outcome, 'mismatch')
          assert.ok((await readFile(path)).equals(bytesOf(seed, length)))
        }
        assert.equal(await store.has(wanted.sha256), false)
        assert.deepEqual(await store.stats(), { originals: 0, bytes: 0 })
      }))

    test('a source that is not there or is no file is a fault of the source', () =>
      withStore(async ({ store, folder }) => {
        const expected = expectedOf(bytesOf('absent', 500))
        await assert.rejects(store.put({ kind: 'file', path: join(folder, 'absent') }, expected, placing), {
          code: 'source-missing',
        })
        if (files)
          await assert.rejects(store.put({ kind: 'file', path: folder }, expected, placing), { code: 'not-a-file' })
        assert.equal((await store.stats()).originals, 0)
      }))

    test('a put whose signal has aborted does nothing', () =>
      withStore(async ({ store, give }) => {
        const bytes = bytesOf('abort', 5000)
        const path = await give('abort', bytes)
        await assert.rejects(store.put({ kind: 'file', path }, expectedOf(bytes), placing, AbortSignal.abort()), {
          name: 'AbortError',
        })
        assert.equal((await store.stats()).originals, 0)
        assert.equal((await store.put({ kind: 'file', path }, expectedOf(bytes), placing)).outcome, 'stored')
      }))

    test('a removed original is gone and can be put again', () =>
      withStore(async ({ store, keep }) => {
        const { bytes, expected, path } = await keep('remove')
        assert.equal(await store.remove(expected.sha256), true)
        assert.equal(await store.has(expected.sha256), false)
        assert.equal(await store.get(expected.sha256), null)
        assert.equal(await store.remove(expected.sha256), false)
        assert.deepEqual(await store.stats(), { originals: 0, bytes: 0 })
        // What was given is never taken, neither by copying nor by removing.
        assert.ok((await readFile(path)).equals(bytes))
        assert.equal((await store.put({ kind: 'file', path }, expected, placing)).outcome, 'stored')
        assert.equal(await store.verify(expected.sha256), 'intact')
      }))

    if (persistent) {
      test('an original is there after the store was closed and opened', () =>
        withStore(async ({ keep, reopen }) => {
          const { bytes, expected } = await keep('reopen')
          const store = await reopen()
          assert.equal(await store.has(expected.sha256), true)
          assert.ok((await read(store, expected.sha256))?.equals(bytes))
          assert.deepEqual(await store.stats(), { originals: 1, bytes: bytes.length })
        }))
    }

    if (files) {
      test('the path leads to the bytes; a missing file is missing, its return is noticed', () =>
        withStore(async ({ store, keep }) => {
          const { bytes, expected } = await keep('path')
          const path = await store.pathOf(expected.sha256)
          assert.ok(path && (await readFile(path)).equals(bytes))
          const { mtimeMs } = await stat(path)
          await rm(path)
          assert.equal(await store.has(expected.sha256), false)
          assert.equal(await store.pathOf(expected.sha256), null)
          assert.equal(await store.get(expected.sha256), null)
          assert.equal(await store.verify(expected.sha256), 'missing')
          await writeFile(path, bytes)
          await setTime(path, mtimeMs)
          assert.equal(await store.has(expected.sha256), true)
          assert.equal(await store.verify(expected.sha256), 'intact')
        }))

      test('one flipped bit is found by verify, though size and time tell nothing', () =>
        withStore(async ({ store, keep }) => {
          const { bytes, expected } = await keep('flip', 2_500_000)
          const path = await store.pathOf(expected.sha256)
          assert.ok(path)
          const { mtimeMs } = await stat(path)
          const flipped = Buffer.from(bytes)
          flipped[1_700_000] = (flipped[1_700_000] ?? 0) ^ 4
          await writeFile(path, flipped)
          await setTime(path, mtimeMs)
          assert.equal(await store.verify(expected.sha256), 'corrupt')
          await writeFile(path, bytes)
          await setTime(path, mtimeMs)
          assert.equal(await store.verify(expected.sha256), 'intact')
          assert.equal(await store.has(expected.sha256), true)
        }))

      test('a file that was written to is not held as its old content', () =>
        withStore(async ({ store, keep }) => {
          const { bytes, expected } = await keep('changed')
          const path = await store.pathOf(expected.sha256)
          assert.ok(path)
          const other = bytesOf('changed later', bytes.length)
          await writeFile(path, other)
          await utimes(path, new Date(), new Date(Date.now() + 60_000))
          assert.equal(await store.has(expected.sha256), false)
          assert.equal(await store.get(expected.sha256), null)
          assert.notEqual(await store.verify(expected.sha256), 'intact')
          await store.remove(expected.sha256)
          assert.ok((await readFile(path)).equals(other), 'the work of others stays')
        }))
    }

    if (copies) {
      test('a stream is stored, however it is cut', () =>
        withStore(async ({ store }) => {
          const bytes = bytesOf('stream', 3_000_000)
          const chunks = [bytes.subarray(0, 1), bytes.subarray(1, 2_000_000), bytes.subarray(2_000_000)]
          const stream = Readable.from(chunks, { objectMode: false })
          const outcome = await store.put({ kind: 'stream', stream }, expectedOf(bytes), placing)
          assert.equal(outcome.outcome, 'stored')
          assert.ok((await read(store, expectedOf(bytes).sha256))?.equals(bytes))
        }))

      test('a stream that is too short, too long, other or endless is a mismatch', () =>
        withStore(async ({ store }) => {
          const bytes = bytesOf('stream', 300_000)
          const expected = expectedOf(bytes)
          const endless = new Readable({
            read() {
              this.push(Buffer.alloc(65536))
            },
          })
          const streams = [
            Readable.from([bytes.subarray(1)]),
            Readable.from([bytes, Buffer.alloc(1)]),
            Readable.from([bytesOf('other', 300_000)]),
            Readable.from([]),
            endless,
          ]
          for (const stream of streams) {
            assert.equal((await store.put({ kind: 'stream', stream }, expected, placing)).outcome, 'mismatch')
            assert.equal(stream.destroyed, true)
          }
          assert.deepEqual(await store.stats(), { originals: 0, bytes: 0 })
        }))

      test('a stream that breaks is a fault of the source; an abort ends a stream that waits', () =>
        withStore(async ({ store }) => {
          const bytes = bytesOf('broken', 300_000)
          const broken = new Readable({
            read() {
              this.push(bytes.subarray(0, 1000))
              this.destroy(new Error('connection lost'))
            },
          })
          await assert.rejects(store.put({ kind: 'stream', stream: broken }, expectedOf(bytes), placing), {
            code: 'read-failed',
          })
          const abort = new AbortController()
          const waits = new Readable({
            read() {
              setImmediate(() => abort.abort())
            },
          })
          await assert.rejects(store.put({ kind: 'stream', stream: waits }, expectedOf(bytes), placing, abort.signal), {
            name: 'AbortError',
          })
          assert.equal((await store.stats()).originals, 0)
        }))

      test('a file to be consumed is gone once stored or present, and still there after a mismatch', () =>
        withStore(async ({ store, give }) => {
          const bytes = bytesOf('consume', 5000)
          const exists = (path: string) => stat(path).then(() => true, () => false) // prettier-ignore
          const path = await give('consume', bytes)
          const other = await give('consume-other', bytesOf('other', 5000))
          const put = (from: string) =>
            store.put({ kind: 'file', path: from, consume: true }, expectedOf(bytes), placing)
          assert.equal((await put(other)).outcome, 'mismatch')
          assert.ok((await readFile(other)).equals(bytesOf('other', 5000)))
          assert.equal((await put(path)).outcome, 'stored')
          assert.equal(await exists(path), false)
          const again = await give('consume-again', bytes)
          assert.equal((await put(again)).outcome, 'present')
          assert.equal(await exists(again), false)
          assert.ok((await read(store, expectedOf(bytes).sha256))?.equals(bytes))
        }))
    } else {
      test('a stream is refused with a clear fault', () =>
        withStore(async ({ store }) => {
          const bytes = bytesOf('stream', 100)
          const stream = Readable.from([bytes])
          await assert.rejects(store.put({ kind: 'stream', stream }, expectedOf(bytes), placing), {
            code: 'needs-a-file',
          })
          assert.equal(stream.destroyed, true)
        }))
    }
  })
}
