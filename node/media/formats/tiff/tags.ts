import { hasText, textAt, viewOf } from '../bytes.ts'
import type { Peek } from '../format.ts'

/** One image file directory: numbers (the first few) or text of the tags asked for. */
export interface Directory {
  numbers: Map<number, number[]>
  texts: Map<number, string>
}

export const tag = { compression: 259, photometric: 262, make: 271, subDirectories: 330, dngVersion: 0xc612 } as const
const wanted: ReadonlySet<number> = new Set(Object.values(tag))

const MAX_DIRECTORIES = 16
const MAX_ENTRIES = 1024
const MAX_VALUES = 16
const BYTES_OF_TYPE = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8]

/**
 * The directories of a TIFF (classic or BigTIFF), those within others included; null where the first bytes are not
 * TIFF's. Bounded whatever the file says: directories, entries and values beyond the limits are left out.
 */
export async function readTiff(peek: Peek): Promise<Directory[] | null> {
  const { head } = peek
  if (head.length < 16) return null
  const little = hasText(head, 0, 'II')
  if (!little && !hasText(head, 0, 'MM')) return null
  const magic = viewOf(head).getUint16(2, little)
  if (magic !== 42 && magic !== 43) return null
  const big = magic === 43
  const start = big ? Number(viewOf(head).getBigUint64(8, little)) : viewOf(head).getUint32(4, little)

  const directories: Directory[] = []
  const seen = new Set<number>()
  const waiting = [start]
  for (let offset = waiting.shift(); offset !== undefined; offset = waiting.shift()) {
    if (offset === 0 || offset >= peek.size || seen.has(offset) || seen.size >= MAX_DIRECTORIES) continue
    seen.add(offset)
    const { directory, next } = await readDirectory(peek, offset, little, big)
    if (!directory) continue
    directories.push(directory)
    waiting.push(next, ...(directory.numbers.get(tag.subDirectories) ?? []))
  }
  return directories
}

async function readDirectory(peek: Peek, offset: number, little: boolean, big: boolean) {
  const [countBytes, entryBytes, inline] = big ? [8, 20, 8] : [2, 12, 4]
  const number = (view: DataView, at: number, bytes: number) =>
    bytes === 1
      ? view.getUint8(at)
      : bytes === 2
        ? view.getUint16(at, little)
        : bytes === 4
          ? view.getUint32(at, little)
          : Number(view.getBigUint64(at, little))

  const block = viewOf(await peek.read(offset, countBytes + MAX_ENTRIES * entryBytes + 8))
  if (block.byteLength < countBytes) return { directory: null, next: 0 }
  const count = number(block, 0, countBytes)
  const end = countBytes + count * entryBytes
  if (count === 0 || count > MAX_ENTRIES || end > block.byteLength) return { directory: null, next: 0 }

  const directory: Directory = { numbers: new Map(), texts: new Map() }
  for (let at = countBytes; at < end; at += entryBytes) {
    const name = block.getUint16(at, little)
    if (!wanted.has(name)) continue
    const type = block.getUint16(at + 2, little)
    const size = BYTES_OF_TYPE[type] ?? 0
    const values = Math.min(number(block, at + 4, big ? 8 : 4), type === 2 ? 64 : MAX_VALUES)
    if (size === 0 || values === 0) continue
    const place = at + (big ? 12 : 8)
    const stored = new Uint8Array(block.buffer, block.byteOffset + place, inline)
    const bytes = size * values <= inline ? stored : await peek.read(number(block, place, inline), size * values)
    if (bytes.length < size * values) continue
    if (type === 2) directory.texts.set(name, textAt(bytes, 0, values).replace(/\0.*$/s, '').trim())
    else
      directory.numbers.set(
        name,
        Array.from({ length: values }, (_, i) => number(viewOf(bytes), i * size, size)),
      )
  }
  const next = end + inline <= block.byteLength ? number(block, end, inline) : 0
  return { directory, next }
}
