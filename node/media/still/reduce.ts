import sharp, { type Metadata } from 'sharp'
import { damaged, type Damaged, reasonOf } from './damage.ts'
import { hdrToSrgb, readNclx } from './nclx.ts'
import { type Pixels, swapsSides, upright } from './pixels.ts'
import { MAX_PIXELS, PREVIEW_EDGE } from './sizes.ts'

type Reduced =
  | { outcome: 'reduced'; pixels: Pixels; /** Of the whole picture as displayed. */ width: number; height: number }
  | Damaged

/**
 * The one decode: a picture file as upright sRGB pixels no larger than the preview. The decoder shrinks while it reads
 * and goes from top to bottom, so that even a huge picture is never in memory as a whole.
 */
export async function reduce(path: string): Promise<Reduced> {
  try {
    const found = await look(path)
    const { width, height } = found
    if (width * height > MAX_PIXELS) {
      return damaged('too-large', `the picture says it is ${width} x ${height} pixels; ${MAX_PIXELS} is the most`)
    }
    const pixels = await upright(await decode(path, found.nclx), found.orientation)
    return { outcome: 'reduced', pixels, ...displayed(found) }
  } catch (thrown) {
    return reasonOf(thrown, path)
  }
}

/** What the head of a picture file says. Throws where it says nothing. */
export async function look(path: string) {
  const metadata: Metadata = await sharp(path, { limitInputPixels: false }).metadata()
  const { width, height, orientation, format, exif, hasProfile } = metadata
  const turned = metadata.autoOrient
  // Some containers (AVIF) turn the picture themselves: then what is displayed has the sides as they are.
  const own = orientation ?? 1
  const ignored = swapsSides(own) && width !== height && turned.width === width
  return {
    width,
    height,
    orientation: ignored ? 1 : own,
    format,
    exif: exif ?? null,
    nclx: format === 'heif' && !hasProfile ? await readNclx(path) : null,
  }
}

/** The size as displayed. */
export function displayed({ width, height, orientation }: { width: number; height: number; orientation: number }) {
  return swapsSides(orientation) ? { width: height, height: width } : { width, height }
}

async function decode(path: string, nclx: Awaited<ReturnType<typeof readNclx>>): Promise<Pixels> {
  const opened = sharp(path, { failOn: 'warning', limitInputPixels: MAX_PIXELS, sequentialRead: true }).resize(
    PREVIEW_EDGE,
    PREVIEW_EDGE,
    { fit: 'inside', withoutEnlargement: true },
  )
  const raw = nclx ? opened.toColourspace('rgb16').raw({ depth: 'ushort' }) : opened.toColourspace('srgb').raw()
  const { data, info } = await raw.toBuffer({ resolveWithObject: true })
  const channels = info.channels === 4 ? 4 : 3
  if (info.channels !== channels) throw new Error(`unexpected number of channels: ${info.channels}`)
  const size = { width: info.width, height: info.height, channels } as const
  return nclx ? hdrToSrgb({ data, ...size }, nclx) : { data, ...size }
}
