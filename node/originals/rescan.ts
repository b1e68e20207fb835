import { opendir, readdir, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode, errorMessage } from '../../shared/errors/index.ts'
import { toHex } from '../../shared/ids/index.ts'
import { storeFault } from './faults.ts'
import type { Hasher } from './hasher.ts'
import type { Locations } from './locations.ts'
import type { PlainRecords } from './plain-records.ts'
import { regularFile } from './placing.ts'
import { isPartName } from './recovery.ts'
import type { Turns } from './turns.ts'

export interface RescanResult {
  /** Files looked at. */
  files: number
  /** Originals that are known now and were not. */
  recorded: number
  /** Files whose content lies in another file of the folder too; they are left alone. */
  duplicates: string[]
  failed: { path: string; code: string; message: string }[]
}

interface Rescan {
  root: string
  incoming: string
  records: PlainRecords
  locations: Locations
  hasher: Hasher
  turns: Turns
  locate: (sha256: Uint8Array) => Promise<{ path: string } | null>
}

/** Files that are hashed at a time; the hasher's threads are shared with imports. */
const AT_A_TIME = 4
/** Lists in a result end here. */
const MAX_LISTED = 1000
/** A leftover this old belongs to no process that still runs. */
const STALE_MS = 24 * 60 * 60 * 1000

export async function rescanFolder(
  store: Rescan,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: (files: number) => void } = {},
): Promise<RescanResult> {
  const result: RescanResult = { files: 0, recorded: 0, duplicates: [], failed: [] }
  const running = new Set<Promise<void>>()
  try {
    for await (const relative of filesUnder(store.root, '')) {
      signal?.throwIfAborted()
      if (running.size >= AT_A_TIME) await Promise.race(running)
      const one = takeIn(store, relative, result, signal).finally(() => {
        running.delete(one)
        result.files++
        onProgress?.(result.files)
      })
      running.add(one)
    }
  } finally {
    await Promise.allSettled(running)
  }
  signal?.throwIfAborted()
  await removeStaleParts(store.incoming)
  await store.locations.flush()
  return result
}

async function takeIn(
  { root, records, hasher, turns, locate }: Rescan,
  relative: string,
  result: RescanResult,
  signal?: AbortSignal,
) {
  const path = join(root, relative)
  try {
    const file = await regularFile(path)
    if (!file) return
    const known = records.at(relative)
    if (known?.path === relative && known.bytes === file.bytes && known.modified === file.modified && !known.corrupt) {
      return
    }
    const hash = await hasher.sha256File(path, signal ? { signal } : {})
    if (hash.outcome !== 'hashed') return
    await turns.take(toHex(hash.sha256), async () => {
      const held = await locate(hash.sha256)
      if (held?.path === path) return
      if (held) {
        if (result.duplicates.length < MAX_LISTED) result.duplicates.push(path)
        return
      }
      records.record({ sha256: hash.sha256, bytes: hash.bytes, modified: hash.modifiedMs, path: relative })
      result.recorded++
    })
  } catch (cause) {
    if (signal?.aborted || result.failed.length >= MAX_LISTED) return
    result.failed.push({ path, code: errorCode(cause), message: errorMessage(cause) })
  }
}

/** Relative paths of regular files, with `/`; hidden files and folders and links are left out. */
async function* filesUnder(root: string, relative: string): AsyncGenerator<string> {
  let folder
  try {
    folder = await opendir(join(root, relative))
  } catch (cause) {
    throw storeFault(join(root, relative), cause)
  }
  for await (const entry of folder) {
    if (entry.name.startsWith('.')) continue
    const path = relative ? `${relative}/${entry.name}` : entry.name
    if (entry.isDirectory()) yield* filesUnder(root, path)
    else if (entry.isFile()) yield path
  }
}

/** Parts of a locations file that is lost have nobody else to remove them. */
async function removeStaleParts(incoming: string): Promise<void> {
  for (const name of await readdir(incoming)) {
    if (!isPartName(name)) continue
    const path = join(incoming, name)
    const found = await stat(path).catch(() => null)
    // Not the modification time: parts have that of their source.
    if (found && Date.now() - found.ctimeMs > STALE_MS) await unlink(path).catch(() => undefined)
  }
}
