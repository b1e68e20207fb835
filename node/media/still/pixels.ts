import sharp, { type Sharp } from 'sharp'

// A worker process has one picture at a time, and there is a worker for each core.
sharp.cache(false)
sharp.concurrency(1)

/** Finished pixels: 8 bits a channel, sRGB, upright, three channels or four with straight alpha. */
export interface Pixels {
  data: Uint8Array
  width: number
  height: number
  channels: 3 | 4
}

export function sharpOf({ data, width, height, channels }: Pixels): Sharp {
  return sharp(data, { raw: { width, height, channels } })
}

/** Turns pixels by their EXIF orientation (1 to 8), after which they are upright. */
export async function upright(pixels: Pixels, orientation: number): Promise<Pixels> {
  const turn = turns[orientation]
  if (!turn) return pixels
  const { data, info } = await sharpOf(pixels)
    .flip(turn.flip ?? false)
    .flop(turn.flop ?? false)
    .rotate(turn.rotate ?? 0)
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { data, width: info.width, height: info.height, channels: pixels.channels }
}

/** Mirrored first, then turned clockwise. */
const turns: Partial<Record<number, { flip?: boolean; flop?: boolean; rotate?: number }>> = {
  2: { flop: true },
  3: { rotate: 180 },
  4: { flip: true },
  5: { flip: true, rotate: 90 },
  6: { rotate: 90 },
  7: { flip: true, rotate: 270 },
  8: { rotate: 270 },
}

/** Whether an orientation swaps width and height. */
export function swapsSides(orientation: number): boolean {
  return orientation >= 5 && orientation <= 8
}

/** Without its alpha channel where that says nothing. */
export async function withoutIdleAlpha(pixels: Pixels): Promise<Pixels> {
  if (pixels.channels === 3) return pixels
  for (let at = 3; at < pixels.data.length; at += 4) if (pixels.data[at] !== 255) return pixels
  return { ...pixels, data: await sharpOf(pixels).removeAlpha().raw().toBuffer(), channels: 3 }
}
