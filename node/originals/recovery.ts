import { readFile, readdir, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { flushFolder } from '../platform/index.ts'
import type { Hasher } from './hasher.ts'
import { sameContent, type Intent, type PlainRecords } from './plain-records.ts'
import { regularFile, reservationOf } from './placing.ts'

/**
 * Ends what a killed process began: a copy that got its name is recorded, one that did not is dropped, and this store's
 * parts are removed. Files that others made stay.
 */
export async function recover(root: string, incoming: string, id: string, records: PlainRecords, hasher: Hasher) {
  for (const intent of records.intents()) {
    const part = join(incoming, intent.part)
    const path = join(root, intent.path)
    if (await isPlaced(intent, part, path, hasher)) {
      const file = await regularFile(path)
      await flushFolder(dirname(path))
      if (file) records.record({ ...intent, modified: file.modified }, intent.part)
    } else {
      if (await isReservation(path, part)) await unlink(path)
      records.dropIntent(intent.part)
    }
  }
  for (const name of await readdir(incoming)) {
    if (name.startsWith(`${id}-`) && isPartName(name)) await unlink(join(incoming, name))
  }
}

/** Names of parts: the id of the locations file that they belong to, then chance. */
export function isPartName(name: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{16}\.part$/.test(name)
}

async function isPlaced(intent: Intent, part: string, path: string, hasher: Hasher): Promise<boolean> {
  const placed = await regularFile(path)
  if (placed?.bytes !== intent.bytes) return false
  const left = await regularFile(part)
  if (left) return left.inode === placed.inode && left.device === placed.device
  const hash = await hasher.sha256File(path).catch(() => null)
  return hash?.outcome === 'hashed' && sameContent(hash, intent)
}

async function isReservation(path: string, part: string): Promise<boolean> {
  const text = reservationOf(part)
  if ((await regularFile(path))?.bytes !== Buffer.byteLength(text)) return false
  return (await readFile(path, 'utf8')) === text
}
