import { constants } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { isAbsolute, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { errorCode, HomerollError } from '../../shared/errors/index.ts'
import { toHex } from '../../shared/ids/index.ts'
import { checkedRange } from './checked-range.ts'
import { sourceFault } from './faults.ts'
import type { Hasher } from './hasher.ts'
import { createInPlaceRecords, type Reference } from './in-place-records.ts'
import type { Locations } from './locations.ts'
import type { OriginalStore, PutOutcome, Verdict } from './original-store.ts'
import { createTurns } from './turns.ts'

export { type Reference } from './in-place-records.ts'

/**
 * Originals that stay where they lie, in folders of the family's own: only referred to, never written to. A content may
 * have several paths; the first whose file has the recorded size and time speaks for it. A file that is away or changed
 * is not held, and held again when it is back as it was. `put` takes files alone (`needs-a-file` otherwise).
 */
export interface InPlaceOriginals extends OriginalStore {
  /** What was recorded of a path, whatever is there now: a rescan compares and skips what is unchanged. */
  knownAt(path: string): Reference | null
  /** Every reference inside a folder, at any depth, by path; files are not looked at. */
  listUnder(folder: string): AsyncIterable<Reference>
  /** Those of `listUnder` whose file is not there now. A changed file is there. */
  absentUnder(folder: string): AsyncIterable<Reference>
}

export function openInPlaceOriginals({
  locations,
  hasher,
}: {
  locations: Locations
  hasher: Hasher
}): InPlaceOriginals {
  const records = createInPlaceRecords(locations)
  const turns = createTurns()

  const locate = async (sha256: Uint8Array): Promise<Reference | null> => {
    for (const reference of records.of(sha256)) if (await isUnchanged(reference)) return reference
    return null
  }

  const put = async (
    path: string,
    expected: { sha256: Uint8Array; bytes: number; modifiedMs?: number },
    signal?: AbortSignal,
  ): Promise<PutOutcome> => {
    signal?.throwIfAborted()
    const file = await look(path)
    const mismatch = { outcome: 'mismatch', message: `${path} does not hold the bytes that were expected` } as const
    if (!file) throw new HomerollError('not-a-file', `${path} is not a file`, { status: 400 })
    if (file.bytes !== expected.bytes) return mismatch
    // Held before this path is: at another path, or at this one, so that nothing is new.
    const held = await locate(expected.sha256)
    let { modifiedMs } = file
    const known = records.at(path)
    const unread =
      (known && sameBytes(known.sha256, expected.sha256) && known.modifiedMs === modifiedMs) ||
      (expected.modifiedMs !== undefined && Math.floor(expected.modifiedMs) === modifiedMs)
    if (!unread) {
      const hash = await hasher.sha256File(path, signal ? { signal } : {})
      if (hash.outcome !== 'hashed' || !sameBytes(hash.sha256, expected.sha256)) return mismatch
      modifiedMs = hash.modifiedMs
    }
    signal?.throwIfAborted()
    const reference = { path, sha256: expected.sha256, bytes: expected.bytes, modifiedMs }
    if (!known || !sameBytes(known.sha256, expected.sha256) || known.modifiedMs !== modifiedMs) {
      records.record(reference)
      await locations.flush()
    }
    return { outcome: held ? 'present' : 'stored', path: held?.path ?? path }
  }

  return {
    async put(source, expected, _placing, signal) {
      if (source.kind !== 'file' || source.consume) {
        if (source.kind === 'stream') source.stream.destroy()
        throw new HomerollError(
          'needs-a-file',
          'originals in place are files that stay where they are; a stream or a file to be taken needs a store of copies',
          { status: 400 },
        )
      }
      if (!isAbsolute(source.path)) {
        throw new HomerollError('needs-a-file', `${source.path} must be a whole path, from the root`, { status: 400 })
      }
      const path = resolve(source.path)
      return turns.take(toHex(expected.sha256), () => put(path, expected, signal))
    },
    async get(sha256, range) {
      const held = await locate(sha256)
      if (!held) return null
      const { start, end } = checkedRange(held.bytes, range)
      if (end < start) return Readable.from([], { objectMode: false })
      const file = await open(held.path, constants.O_RDONLY).catch(() => null)
      return file?.createReadStream({ start, end, highWaterMark: 256 * 1024 }) ?? null
    },
    has: async sha256 => (await locate(sha256)) !== null,
    pathOf: async sha256 => (await locate(sha256))?.path ?? null,
    async verify(sha256, signal) {
      let verdict: Verdict = 'missing'
      for (const reference of records.of(sha256)) {
        const one = await check(reference, signal)
        if (one === 'intact') return 'intact'
        if (one === 'corrupt') verdict = 'corrupt'
      }
      return verdict
    },
    remove: sha256 =>
      turns.take(toHex(sha256), async () => {
        const known = records.forget(sha256)
        if (known) await locations.flush()
        return known
      }),
    list: () => records.list(),
    stats: async () => records.totals(),
    knownAt: path => records.at(resolve(path)),
    listUnder: folder => records.under(resolve(folder)),
    async *absentUnder(folder) {
      for await (const reference of records.under(resolve(folder))) {
        if ((await look(reference.path).catch(() => null)) === null) yield reference
      }
    },
    close: () => turns.done(),
  }

  /** A file with another size or time and other bytes is a new version: its old content is missing, not corrupt. */
  async function check(reference: Reference, signal?: AbortSignal): Promise<Verdict> {
    const file = await look(reference.path).catch(() => null)
    if (file?.bytes !== reference.bytes) return 'missing'
    try {
      const hash = await hasher.sha256File(reference.path, signal ? { signal } : {})
      if (hash.outcome !== 'hashed') return 'missing'
      if (!sameBytes(hash.sha256, reference.sha256)) {
        return file.modifiedMs === reference.modifiedMs ? 'corrupt' : 'missing'
      }
      if (hash.modifiedMs !== reference.modifiedMs) records.touched(reference.path, hash.modifiedMs)
      return 'intact'
    } catch (cause) {
      if (signal?.aborted) throw cause
      if (errorCode(cause) === 'read-failed') return 'corrupt'
      if (errorCode(cause) === 'source-missing') return 'missing'
      throw cause
    }
  }
}

/**
 * Size and time of a file; null where the path is something else. The inode is not compared: FAT, shares and remounted
 * disks give the same file a new one, and a whole library would seem changed.
 */
async function look(path: string): Promise<{ bytes: number; modifiedMs: number } | null> {
  try {
    const found = await stat(path)
    return found.isFile() ? { bytes: found.size, modifiedMs: Math.floor(found.mtimeMs) } : null
  } catch (cause) {
    throw sourceFault(path, cause)
  }
}

async function isUnchanged({ path, bytes, modifiedMs }: Reference): Promise<boolean> {
  const file = await look(path).catch(() => null)
  return file?.bytes === bytes && file.modifiedMs === modifiedMs
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}
