import exifr from 'exifr'
import sharp from 'sharp'
import type { Picture } from '../media.ts'
import { swapsSides, upright } from './pixels.ts'

/** Thumbnails within files are 160 x 120 as a rule; a larger one is no longer a quick look. */
const MAX_BYTES = 128 * 1024
const MAX_PIXELS = 1_000_000
/** Sides may differ by rounding; beyond this share the small picture has bars, which are cut off. */
const TOLERANCE = 0.03

/**
 * The small picture inside an EXIF block, upright and cut to the sides of the whole picture (`displayed`), coded anew so
 * that nothing of the file itself reaches a browser. Null where there is none, or it is damaged.
 */
export async function standInOf(
  exif: Buffer,
  orientation: number,
  whole: { width: number; height: number },
): Promise<Picture | null> {
  try {
    const embedded = await exifr.thumbnail(exif)
    if (!embedded || embedded.byteLength > MAX_BYTES || whole.width < 1 || whole.height < 1) return null
    const { data, info } = await sharp(embedded, { limitInputPixels: MAX_PIXELS })
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true })
    if (info.channels !== 3) return null
    const turned = swapsSides(orientation)
    const cut = withoutBars(info, turned ? whole.height / whole.width : whole.width / whole.height)
    const pixels = await sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } })
      .extract(cut)
      .raw()
      .toBuffer()
    const shown = await upright({ data: pixels, width: cut.width, height: cut.height, channels: 3 }, orientation)
    const bytes = await sharp(shown.data, { raw: { width: shown.width, height: shown.height, channels: 3 } })
      .jpeg({ quality: 70 })
      .toBuffer()
    return { bytes, mime: 'image/jpeg', width: shown.width, height: shown.height }
  } catch {
    return null
  }
}

/** The middle of a small picture that has the ratio (width / height) of the whole. */
function withoutBars({ width, height }: { width: number; height: number }, ratio: number) {
  const own = width / height
  if (Math.abs(own / ratio - 1) <= TOLERANCE) return { left: 0, top: 0, width, height }
  const inner =
    ratio > own
      ? { width, height: Math.max(1, Math.round(width / ratio)) }
      : { width: Math.max(1, Math.round(height * ratio)), height }
  return { left: (width - inner.width) >> 1, top: (height - inner.height) >> 1, ...inner }
}
