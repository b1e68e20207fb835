import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { rgbaToThumbHash } from 'thumbhash'

/** A picture that stands for many assets. */
export interface Picture {
  ratio: number
  /** Base64. */
  thumbhash: string
  /** JPEG no larger than `longest` pixels; made once. */
  jpeg: (longest: number) => Promise<Buffer>
}

const THUMBNAIL = 720

async function toPicture(open: () => Sharp, small: Buffer): Promise<Picture> {
  const { width, height } = await sharp(small).metadata()
  const { data, info } = await sharp(small)
    .resize(90, 90, { fit: 'inside' })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const made = new Map<number, Promise<Buffer>>([[THUMBNAIL, Promise.resolve(small)]])
  return {
    ratio: Number((width / height).toFixed(3)),
    thumbhash: Buffer.from(rgbaToThumbHash(info.width, info.height, data)).toString('base64'),
    jpeg(longest) {
      const known = made.get(longest)
      if (known) return known
      const picture = open().resize(longest, longest, { fit: 'inside' }).jpeg({ quality: 82 }).toBuffer()
      made.set(longest, picture)
      return picture
    },
  }
}

/** Soft hills under a sky, in colours of their own. */
function painted(seed: number, width: number, height: number): Sharp {
  const pixels = Buffer.alloc(width * height * 3)
  const hue = (seed * 137.5) % 360
  const mix = (a: number[], b: number[], f: number): number[] => a.map((value, i) => value + (b[i]! - value) * f)
  const tint = (shift: number, light: number): number[] =>
    [0, 120, 240].map(turn => light * (150 + 90 * Math.cos(((hue + shift - turn) * Math.PI) / 180)))
  const [skyTop, skyLow] = [tint(0, 0.75), tint(40, 1)]
  const hills = [tint(90, 0.72), tint(120, 0.5), tint(150, 0.3)]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = [x / height, y / height]
      let colour = mix(skyTop, skyLow, Math.min(1, v * 1.6))
      for (const [i, hill] of hills.entries()) {
        const ridge =
          0.45 + i * 0.18 + 0.07 * Math.sin(u * (3 + i * 1.7) + seed * (i + 1)) + 0.03 * Math.sin(u * 9 + seed + i)
        if (v > ridge) colour = mix(hill, tint(60, 0.2), Math.min(1, (v - ridge) * 1.4))
      }
      for (let c = 0; c < 3; c++) pixels[(y * width + x) * 3 + c] = Math.min(255, Math.max(0, colour[c]!))
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
}

/** Small painted pictures, quick to make, the same every time. */
export async function paintedPictures(count: number): Promise<Picture[]> {
  const ratios = [1.5, 0.667, 1.333, 0.75, 1.778, 1.5, 0.563, 1]
  return Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const ratio = ratios[i % ratios.length]!
      const [width, height] = ratio >= 1 ? [270, Math.round(270 / ratio)] : [Math.round(270 * ratio), 270]
      const small = await painted(i + 1, width, height)
        .jpeg({ quality: 80 })
        .toBuffer()
      return toPicture(() => painted(i + 1, width * 4, height * 4), small)
    }),
  )
}

const cuts: [number, number, number, number][] = [
  [0, 0, 1, 1],
  [0, 0, 0.62, 0.62],
  [0.3, 0.25, 0.7, 0.7],
  [0.25, 0, 0.5, 1],
]

/** Pictures cut from the photos in a folder, a few from each. */
async function cutPictures(folder: string): Promise<Picture[]> {
  const names = readdirSync(folder).filter(name => /\.jpe?g$/i.test(name))
  const pictures: Picture[] = []
  for (const [x, y, w, h] of cuts) {
    for (const name of names) {
      const base = await sharp(join(folder, name), { failOn: 'none' })
        .autoOrient()
        .resize(2400, 2400, { fit: 'inside', withoutEnlargement: true })
        .toBuffer({ resolveWithObject: true })
      const { width, height } = base.info
      const cut = {
        left: Math.floor(x * width),
        top: Math.floor(y * height),
        width: Math.floor(w * width),
        height: Math.floor(h * height),
      }
      const open = (): Sharp => sharp(base.data).extract(cut)
      pictures.push(
        await toPicture(open, await open().resize(THUMBNAIL, THUMBNAIL, { fit: 'inside' }).jpeg().toBuffer()),
      )
    }
  }
  return pictures
}

/** Real photos where there are any, for looking at the app; painted ones otherwise. */
export async function realPictures(folder: string): Promise<Picture[]> {
  return existsSync(folder) ? cutPictures(folder) : paintedPictures(64)
}
