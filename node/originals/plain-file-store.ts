import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { chmod, mkdir, open, realpath, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { errorCode, errorMessage, HomerollError } from '../../shared/errors/index.ts'
import { toHex } from '../../shared/ids/index.ts'
import { flushFolder } from '../platform/index.ts'
import { checkedRange } from './checked-range.ts'
import { realDisk, type Disk } from './disk.ts'
import { storeFault } from './faults.ts'
import type { Hasher } from './hasher.ts'
import type { Locations } from './locations.ts'
import type { Expected, OriginalStore, Placing, PutOutcome, Source } from './original-store.ts'
import { consumed, giveBack, writePart } from './part.ts'
import { candidatePaths, makeFolders, nameWithoutReplacing, regularFile } from './placing.ts'
import { createPlainRecords, sameContent, type PlainRecord } from './plain-records.ts'
import { recover } from './recovery.ts'
import { rescanFolder, type RescanResult } from './rescan.ts'
import { createTurns } from './turns.ts'

/** Originals as plain files, `2024/2024-07/IMG_1234.HEIC`, that people open without us. */
export interface PlainOriginals extends OriginalStore {
  /**
   * Reads every file of the folder that is not known as it is and records it: after the locations file was lost, or
   * after people moved files about. Changes and removes no original. `onProgress` hears the files looked at so far.
   */
  rescan(options?: { signal?: AbortSignal; onProgress?: (files: number) => void }): Promise<RescanResult>
}

/** On the file system of the originals, so that a part gets its name in one step. */
const INCOMING = '.incoming'

/**
 * Opens the store in `folder`, which is made when nothing was stored yet, and ends what a killed process began. Of each
 * folder one store may be open at a time. Faults: `originals-away` where the folder that holds known originals is not
 * there, `store-failed`.
 */
export async function openPlainOriginals({
  folder,
  locations,
  hasher,
  disk = realDisk,
}: {
  folder: string
  locations: Locations
  hasher: Hasher
  disk?: Disk
}): Promise<PlainOriginals> {
  const records = createPlainRecords(locations)
  const root = await openFolder(folder, records.totals().originals > 0)
  const incoming = join(root, INCOMING)
  await recover(root, incoming, locations.id, records, hasher)
  const turns = createTurns()

  /** The record of a content whose file is there and, by size and time or else by its hash, unchanged. */
  const locate = async (sha256: Uint8Array): Promise<{ record: PlainRecord; path: string } | null> => {
    const record = records.of(sha256)
    if (!record || record.corrupt) return null
    const path = join(root, record.path)
    const file = await regularFile(path)
    if (file?.bytes !== record.bytes) return null
    if (file.modified !== record.modified) {
      // Touched, restored or changed: only its bytes can tell, and this is asked once.
      const hash = await hasher.sha256File(path).catch(() => null)
      if (hash?.outcome !== 'hashed') return null
      const same = sameContent(hash, record)
      records.checked(sha256, hash.modifiedMs, !same)
      if (!same) return null
    }
    return { record, path }
  }

  const discard = (part: string) => unlink(part).catch(() => undefined)

  const put = async (
    source: Source,
    expected: Expected,
    placing: Placing,
    signal?: AbortSignal,
  ): Promise<PutOutcome> => {
    signal?.throwIfAborted()
    const held = await locate(expected.sha256)
    if (held) {
      await consumed(source)
      if (source.kind === 'stream') source.stream.destroy()
      return { outcome: 'present', path: held.path }
    }
    const name = `${locations.id}-${randomBytes(8).toString('hex')}.part`
    const part = join(incoming, name)
    try {
      const written = await writePart(disk, source, part, expected.bytes, signal)
      if (!written || !(await isExpected(hasher, part, expected, signal))) {
        await giveBack(disk, source, part)
        return { outcome: 'mismatch', message: `${nameOf(source)} does not hold the bytes that were expected` }
      }
      signal?.throwIfAborted()
      const path = await place(name, expected, placing)
      await consumed(source)
      return { outcome: 'stored', path }
    } catch (cause) {
      await giveBack(disk, source, part)
      throw signal?.aborted ? signal.reason : storeFault(part, cause)
    } finally {
      await discard(part)
    }
  }

  /** Gives a verified part its name, records it and makes both durable. */
  const place = async (name: string, expected: Expected, placing: Placing): Promise<string> => {
    const { sha256, bytes } = expected
    const part = join(incoming, name)
    for (const path of candidatePaths(placing, sha256)) {
      if (records.taken(path, sha256)) continue
      // Written before the name is given, so that a crash in between leaves no original that nobody knows.
      records.intend({ part: name, sha256, bytes, path })
      let placed = false
      let full = join(root, path)
      try {
        full = join(await makeFolders(root, path), path.slice(path.lastIndexOf('/') + 1))
        placed = await nameWithoutReplacing(disk, part, full)
        if (!placed && !(await isHere(full, expected))) {
          records.dropIntent(name)
          continue
        }
        await flushFolder(dirname(full))
        const file = await regularFile(full)
        if (!file) throw new HomerollError('store-failed', `${full} was taken away while it was stored`)
        records.record({ sha256, bytes, modified: file.modified, path }, name)
      } catch (cause) {
        if (placed) await discard(full)
        tryTo(() => records.dropIntent(name))
        throw storeFault(full, cause)
      }
      await locations.flush()
      return full
    }
    throw new HomerollError('store-failed', `every name for ${placing.fileName} is taken in ${root}`)
  }

  /** Whether a file that has the name already is this very content, so that it needs no second copy. */
  const isHere = async (path: string, expected: Expected): Promise<boolean> => {
    const file = await regularFile(path)
    if (file?.bytes !== expected.bytes) return false
    const hash = await hasher.sha256File(path).catch(() => null)
    if (hash?.outcome !== 'hashed' || !sameContent(hash, expected)) return false
    const handle = await open(path, 'r+').catch(() => null)
    await handle?.sync()
    await handle?.close()
    return true
  }

  return {
    put: (source, expected, placing, signal) =>
      turns.take(toHex(expected.sha256), () => put(source, expected, placing, signal)),
    async get(sha256, range) {
      const held = await locate(sha256)
      if (!held) return null
      const { start, end } = checkedRange(held.record.bytes, range)
      if (end < start) return Readable.from([], { objectMode: false })
      const file = await open(held.path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch(() => null)
      return file?.createReadStream({ start, end, highWaterMark: 256 * 1024 }) ?? null
    },
    has: async sha256 => (await locate(sha256)) !== null,
    pathOf: async sha256 => (await locate(sha256))?.path ?? null,
    async verify(sha256, signal) {
      const record = records.of(sha256)
      const path = record && join(root, record.path)
      if (!path || !(await regularFile(path))) return 'missing'
      try {
        const hash = await hasher.sha256File(path, signal ? { signal } : {})
        if (hash.outcome !== 'hashed') return 'corrupt'
        const same = sameContent(hash, record)
        if (same !== !record.corrupt || hash.modifiedMs !== record.modified) {
          records.checked(sha256, hash.modifiedMs, !same)
        }
        return same ? 'intact' : 'corrupt'
      } catch (cause) {
        if (signal?.aborted) throw cause
        // A disk that cannot give the bytes back has lost them, for now at least: this is not written down.
        if (errorCode(cause) === 'read-failed') return 'corrupt'
        if (errorCode(cause) === 'source-missing') return 'missing'
        throw cause
      }
    },
    remove: sha256 =>
      turns.take(toHex(sha256), async () => {
        const record = records.of(sha256)
        if (!record) return false
        // A file that is not what was stored any more is someone's work: it is left and only forgotten.
        const held = await locate(sha256)
        if (held) {
          await unlink(held.path)
          await flushFolder(dirname(held.path))
        }
        records.forget(sha256)
        await locations.flush()
        return true
      }),
    async *list() {
      for await (const { sha256, bytes, path } of records.list()) yield { sha256, bytes, path: join(root, path) }
    },
    stats: async () => records.totals(),
    rescan: options => rescanFolder({ root, incoming, records, locations, hasher, turns, locate }, options),
    close: () => turns.done(),
  }
}

async function isExpected(hasher: Hasher, part: string, expected: Expected, signal?: AbortSignal): Promise<boolean> {
  try {
    const hash = await hasher.sha256File(part, signal ? { signal } : {})
    return hash.outcome === 'hashed' && sameContent(hash, expected)
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new HomerollError('store-failed', `${part} could not be read again: ${errorMessage(cause)}`, { cause })
  }
}

/** The real path of the originals folder, with its incoming folder made. */
async function openFolder(folder: string, holdsOriginals: boolean): Promise<string> {
  const incoming = join(folder, INCOMING)
  const opened = await stat(incoming).then(
    found => found.isDirectory(),
    () => false,
  )
  if (!opened && holdsOriginals) {
    // A disk that is not mounted leaves an empty folder: filling that would hide originals on the wrong disk.
    throw new HomerollError(
      'originals-away',
      `the originals are not in ${folder}; connect the disk that holds them, or, if this folder is the right one, ` +
        `make an empty folder ${incoming} and start again`,
    )
  }
  try {
    const made = await mkdir(incoming, { recursive: true })
    if (made !== undefined) {
      await chmod(folder, 0o755)
      await flushFolder(dirname(folder))
    }
    return await realpath(folder)
  } catch (cause) {
    throw storeFault(folder, cause)
  }
}

function nameOf(source: Source): string {
  return source.kind === 'file' ? source.path : 'the stream'
}

function tryTo(work: () => void): void {
  try {
    work()
  } catch {
    // The fault that led here is the one to tell.
  }
}
