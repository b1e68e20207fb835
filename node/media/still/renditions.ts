import { rgbaToThumbHash } from 'thumbhash'
import type { Picture, Rendering } from '../media.ts'
import { type Pixels, sharpOf, withoutIdleAlpha } from './pixels.ts'
import { PREVIEW_EDGE, THUMBHASH_EDGE, THUMBNAIL_HEIGHT } from './sizes.ts'

/** JPEG quality of previews: chosen by eye. Optimised tables cost some milliseconds and make the file smaller. */
const PREVIEW_QUALITY = 82
/** WebP effort 2 makes the file smaller than 0 for little time; 3 and up take about twice as long and save little more. */
const WEBP = { quality: 78, effort: 2, alphaQuality: 90 } as const

/** The renditions of pixels that are already no larger than the preview. `full` is the picture's own size. */
export async function makeRenditions(
  reduced: Pixels,
  full: { width: number; height: number; durationMs: number | null },
): Promise<Rendering> {
  const pixels = await withoutIdleAlpha(reduced)
  const small = await resized(pixels, PREVIEW_EDGE, THUMBNAIL_HEIGHT)
  const tiny = await resized(small, THUMBHASH_EDGE, THUMBHASH_EDGE)
  const rgba = await sharpOf(tiny).ensureAlpha().raw().toBuffer()
  return {
    outcome: 'rendered',
    ...full,
    thumbhash: rgbaToThumbHash(tiny.width, tiny.height, rgba),
    thumbnail: picture(await sharpOf(small).webp(WEBP).toBuffer(), 'image/webp', small),
    preview:
      pixels.channels === 4
        ? picture(await sharpOf(pixels).webp(WEBP).toBuffer(), 'image/webp', pixels)
        : picture(await sharpOf(pixels).jpeg({ quality: PREVIEW_QUALITY }).toBuffer(), 'image/jpeg', pixels),
  }
}

async function resized(pixels: Pixels, width: number, height: number): Promise<Pixels> {
  if (pixels.width <= width && pixels.height <= height) return pixels
  const { data, info } = await sharpOf(pixels)
    .resize(width, height, { fit: 'inside', withoutEnlargement: true })
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { data, width: info.width, height: info.height, channels: pixels.channels }
}

function picture(bytes: Uint8Array, mime: string, { width, height }: Pixels): Picture {
  return { bytes, mime, width, height }
}
