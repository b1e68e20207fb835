import { open, type FileHandle } from 'node:fs/promises'
import { textAt, viewOf } from '../formats/bytes.ts'

/** What the index of an MP4 or MOV says of it. */
interface Movie {
  /** As displayed, after rotation; null without a picture track. */
  width: number | null
  height: number | null
  durationMs: number | null
  /** Clockwise turn for display: 0, 90, 180 or 270 degrees. */
  rotation: number
  /** UTC, `2024-07-31T18:05:12`; null where the clock was never set. */
  createdUtc: string | null
}

const MAX_INDEX_BYTES = 32 * 1024 * 1024
const MAX_BOXES = 1000
/** MP4 counts seconds from 1904. */
const MP4_EPOCH = 2_082_844_800

/** Reads the index, wherever it lies; null where there is none or it is absurdly large. */
export async function readMovie(path: string): Promise<Movie | null> {
  const file = await open(path, 'r')
  try {
    const index = await findIndex(file)
    return index === null ? null : movieOf(index)
  } finally {
    await file.close()
  }
}

async function findIndex(file: FileHandle): Promise<Uint8Array | null> {
  const { size } = await file.stat()
  const header = new Uint8Array(16)
  let at = 0
  for (let count = 0; count < MAX_BOXES && at + 8 <= size; count++) {
    const { bytesRead } = await file.read(header, 0, 16, at)
    if (bytesRead < 8) return null
    let length = viewOf(header).getUint32(0)
    let skip = 8
    if (length === 1 && bytesRead === 16) {
      length = Number(viewOf(header).getBigUint64(8))
      skip = 16
    } else if (length === 0) length = size - at
    if (length < skip || length > size - at) return null
    if (textAt(header, 4, 4) === 'moov') {
      if (length > MAX_INDEX_BYTES) return null
      const index = new Uint8Array(length - skip)
      await file.read(index, 0, index.length, at + skip)
      return index
    }
    at += length
  }
  return null
}

function* boxesIn(bytes: Uint8Array): Generator<[string, Uint8Array]> {
  let at = 0
  for (let count = 0; count < MAX_BOXES && at + 8 <= bytes.length; count++) {
    const length = viewOf(bytes).getUint32(at)
    if (length < 8 || at + length > bytes.length) return
    yield [textAt(bytes, at + 4, 4), bytes.subarray(at + 8, at + length)]
    at += length
  }
}

function boxIn(bytes: Uint8Array, ...path: string[]): Uint8Array | null {
  const [name, ...rest] = path
  for (const [found, inner] of boxesIn(bytes)) {
    if (found === name) return rest.length > 0 ? boxIn(inner, ...rest) : inner
  }
  return null
}

function movieOf(index: Uint8Array): Movie {
  const movie: Movie = { width: null, height: null, durationMs: null, rotation: 0, createdUtc: null }
  const header = boxIn(index, 'mvhd')
  if (header && header.length >= 32) {
    const view = viewOf(header)
    const long = header[0] === 1
    const created = long ? Number(view.getBigUint64(4)) : view.getUint32(4)
    const scale = view.getUint32(long ? 20 : 12)
    const duration = long ? Number(view.getBigUint64(24)) : view.getUint32(16)
    if (scale > 0 && duration !== 0xffffffff && duration / scale < 1e6) movie.durationMs = (duration / scale) * 1000
    // Before 1990 no camera wrote this: the clock stood at its beginning.
    if (created > MP4_EPOCH + 631_152_000 && created < MP4_EPOCH + 7e9) {
      movie.createdUtc = new Date((created - MP4_EPOCH) * 1000).toISOString().slice(0, 19)
    }
  }
  for (const [name, track] of boxesIn(index)) {
    if (name !== 'trak') continue
    const handler = boxIn(track, 'mdia', 'hdlr')
    const trackHeader = boxIn(track, 'tkhd')
    if (!handler || textAt(handler, 8, 4) !== 'vide' || !trackHeader) continue
    return { ...movie, ...displayOf(trackHeader) }
  }
  return movie
}

function displayOf(header: Uint8Array): Partial<Movie> {
  const matrix = header[0] === 1 ? 52 : 40
  if (header.length < matrix + 44) return {}
  const view = viewOf(header)
  const [a, b, c, d] = [0, 4, 12, 16].map(at => Math.sign(view.getInt32(matrix + at)))
  const rotation = b === 1 && c === -1 ? 90 : b === -1 && c === 1 ? 270 : a === -1 && d === -1 ? 180 : 0
  const [width, height] = [view.getUint32(matrix + 36) / 65536, view.getUint32(matrix + 40) / 65536]
  return rotation % 180 === 0 ? { width, height, rotation } : { width: height, height: width, rotation }
}
