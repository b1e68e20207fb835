import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import sharp from 'sharp'

/** mulberry32: small, seeded, the same everywhere. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

export interface PictureOptions {
  width?: number
  height?: number
  /** `2019:07:31 18:05:12` */
  takenAt?: string
  description?: string
}

/** A JPEG with noise of its own, so that no two have the same bytes. */
export async function jpeg(random: () => number, options: PictureOptions = {}): Promise<Buffer> {
  const { width = 320, height = 240, takenAt, description } = options
  const pixels = Buffer.alloc(width * height * 3)
  const [r, g, b] = [random() * 200, random() * 200, random() * 200] as const
  for (let i = 0; i < pixels.length; i += 3) {
    const grain = random() * 40
    pixels[i] = r + grain
    pixels[i + 1] = g + grain
    pixels[i + 2] = b + grain
  }
  const exif = {
    IFD0: { Make: 'Homeroll', Model: 'Test', ...(description === undefined ? {} : { ImageDescription: description }) },
    ...(takenAt === undefined ? {} : { IFD2: { DateTimeOriginal: takenAt } }),
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .withExif(exif)
    .jpeg({ quality: 85 })
    .toBuffer()
}

/** Writes files, making their folders. Their times lie in the past, so that nobody takes them for growing. */
export function place(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, bytes)
}
