import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import sharp, { type Sharp } from 'sharp'
import type { Rendering } from '../media.ts'
import { MAX_PIXELS } from './sizes.ts'
import { stillReader } from './still-reader.ts'

const realMedia = new URL('../../../../shared/media/', import.meta.url).pathname
const noMedia = existsSync(realMedia) ? false : 'the folder of real media is not here'
let folder = ''
before(async () => (folder = await mkdtemp(join(tmpdir(), 'homeroll-still-'))))
after(() => rm(folder, { recursive: true }))

const sourceOf = (path: string) => ({ path, mime: '', fileTime: 0, ffmpeg: null, memoryLimit: 1e9 })
const render = (path: string) => stillReader.render(sourceOf(path))

async function renderBytes(bytes: Uint8Array) {
  const path = join(folder, `${Math.random()}.bin`)
  await writeFile(path, bytes)
  return render(path)
}

function rendered(rendering: Rendering) {
  assert.equal(rendering.outcome, 'rendered', rendering.outcome === 'damaged' ? rendering.message : '')
  if (rendering.outcome !== 'rendered') throw new Error('not rendered')
  return rendering
}

/** Colour of a picture at a place given in shares of its sides. */
async function colourAt(bytes: Uint8Array, x: number, y: number) {
  const { data, info } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  const at = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * 4
  return [...data.subarray(at, at + 4)]
}

function assertNear(found: number[], expected: number[], tolerance: number, what = '') {
  const far = expected.some((value, i) => Math.abs(value - (found[i] ?? -999)) > tolerance)
  assert.ok(!far, `${what}: ${found.join()} is not near ${expected.join()}`)
}

/** Four quarters of different colours, so that every turn and mirroring shows. */
function quarters(width: number, height: number): Sharp {
  const svg = `<svg width="${width}" height="${height}"><rect width="50%" height="50%" fill="#f00"/>
    <rect x="50%" width="50%" height="50%" fill="#0f0"/><rect y="50%" width="50%" height="50%" fill="#00f"/>
    <rect x="50%" y="50%" width="50%" height="50%" fill="#fff"/></svg>`
  return sharp(Buffer.from(svg)).removeAlpha()
}

test('sizes: a preview of 1440 on the long edge, a thumbnail 440 high, nothing enlarged', async () => {
  const large = rendered(await renderBytes(await quarters(3000, 2000).jpeg().toBuffer()))
  assert.deepEqual([large.width, large.height], [3000, 2000])
  assert.deepEqual([large.preview.width, large.preview.height, large.preview.mime], [1440, 960, 'image/jpeg'])
  assert.deepEqual([large.thumbnail.width, large.thumbnail.height, large.thumbnail.mime], [660, 440, 'image/webp'])
  assert.ok(large.thumbhash.length > 4 && large.thumbhash.length < 40)

  const panorama = rendered(await renderBytes(await quarters(6000, 600).jpeg().toBuffer()))
  assert.deepEqual([panorama.thumbnail.width, panorama.thumbnail.height], [1440, 144])
  const dot = rendered(await renderBytes(await quarters(2, 1).png().toBuffer()))
  assert.deepEqual([dot.preview.width, dot.preview.height, dot.thumbnail.width], [2, 1, 2])
  for (const picture of [large.preview, large.thumbnail, panorama.preview, dot.thumbnail]) {
    const { width, height } = await sharp(picture.bytes).metadata()
    assert.deepEqual([width, height], [picture.width, picture.height])
  }
})

test('all eight orientations look the same', async () => {
  const turned: Record<number, (upright: Sharp) => Sharp> = {
    1: one => one,
    2: one => one.flop(),
    3: one => one.rotate(180),
    4: one => one.flip(),
    5: one => one.flip().rotate(90),
    6: one => one.rotate(270),
    7: one => one.flip().rotate(270),
    8: one => one.rotate(90),
  }
  for (const [orientation, turn] of Object.entries(turned)) {
    const upright = await quarters(160, 120).png().toBuffer()
    const stored = await turn(sharp(upright)).png().toBuffer()
    const file = await sharp(stored)
      .withMetadata({ orientation: Number(orientation) })
      .jpeg({ quality: 95 })
      .toBuffer()
    const { width, height, preview, thumbnail } = rendered(await renderBytes(file))
    assert.deepEqual([width, height, preview.width, preview.height], [160, 120, 160, 120], orientation)
    for (const { bytes } of [preview, thumbnail]) {
      assertNear(await colourAt(bytes, 0.25, 0.25), [255, 0, 0], 12, `${orientation} top left`)
      assertNear(await colourAt(bytes, 0.75, 0.25), [0, 255, 0], 12, `${orientation} top right`)
      assertNear(await colourAt(bytes, 0.25, 0.75), [0, 0, 255], 12, `${orientation} bottom left`)
    }
  }
})

test('every format is rendered, of an animation the first frame', async () => {
  for (const format of ['png', 'webp', 'gif', 'avif', 'tiff'] as const) {
    const { preview } = rendered(await renderBytes(await quarters(64, 48).toFormat(format).toBuffer()))
    assertNear(await colourAt(preview.bytes, 0.25, 0.25), [255, 0, 0], 20, format)
  }
  const frames = Buffer.concat([Buffer.alloc(48, '\xff\0\0', 'latin1'), Buffer.alloc(48, '\0\0\xff', 'latin1')])
  const raw = { width: 4, height: 8, channels: 3, pageHeight: 4 } as const
  for (const format of ['gif', 'webp'] as const) {
    const { width, height, preview } = rendered(
      await renderBytes(await sharp(frames, { raw }).toFormat(format).toBuffer()),
    )
    assert.deepEqual([width, height], [4, 4], format)
    assertNear(await colourAt(preview.bytes, 0.5, 0.5), [255, 0, 0], 20, format)
  }
})

test('colours stay what they were: wide gamut, 16 bits, print inks, grey', async () => {
  const [r, g, b] = [180, 110, 90]
  const picture = () => sharp({ create: { width: 32, height: 32, channels: 3, background: { r, g, b } } })
  const kinds = {
    'Display P3': picture().withIccProfile('p3').jpeg({ quality: 100, chromaSubsampling: '4:4:4' }),
    '16 bits': picture().toColourspace('rgb16').png(),
    CMYK: picture().withIccProfile('cmyk').jpeg({ quality: 100 }),
  }
  for (const [kind, made] of Object.entries(kinds)) {
    const { preview } = rendered(await renderBytes(await made.toBuffer()))
    assertNear(await colourAt(preview.bytes, 0.5, 0.5), [r, g, b, 255], kind === 'CMYK' ? 24 : 6, kind)
  }
  const grey = rendered(await renderBytes(await picture().greyscale().jpeg().toBuffer()))
  const [red, green, blue] = await colourAt(grey.preview.bytes, 0.5, 0.5)
  assert.ok(red === green && green === blue)
})

test('what is see-through stays so, and alpha that says nothing costs nothing', async () => {
  const glass = { r: 0, g: 0, b: 255, alpha: 0.5 }
  const clear = sharp({ create: { width: 32, height: 32, channels: 4, background: glass } })
  const { preview, thumbnail } = rendered(await renderBytes(await clear.png().toBuffer()))
  assert.equal(preview.mime, 'image/webp')
  for (const { bytes } of [preview, thumbnail]) assertNear(await colourAt(bytes, 0.5, 0.5), [0, 0, 255, 128], 8)
  const opaque = sharp({ create: { width: 32, height: 32, channels: 4, background: 'red' } })
  assert.equal(rendered(await renderBytes(await opaque.png().toBuffer())).preview.mime, 'image/jpeg')
})

test('damaged pictures say why', async () => {
  const whole = await quarters(800, 600).jpeg().toBuffer()
  const half = await renderBytes(whole.subarray(0, whole.length / 2))
  assert.equal(half.outcome === 'damaged' && half.code, 'truncated')
  const png = await quarters(800, 600).png().toBuffer()
  assert.equal((await renderBytes(png.subarray(0, png.length - 200))).outcome, 'damaged')
  const junk = await renderBytes(Buffer.concat([whole.subarray(0, 20), Buffer.alloc(500, 7)]))
  assert.equal(junk.outcome, 'damaged')
  assert.ok(
    junk.outcome === 'damaged' && junk.message.length > 20 && !junk.message.includes(folder),
    'no path in the message',
  )
})

test('a picture that claims too many pixels is not decoded', async () => {
  const png = await quarters(8, 8).png().toBuffer()
  png.writeUInt32BE(40_000, 16)
  png.writeUInt32BE(40_000, 20)
  assert.ok(40_000 ** 2 > MAX_PIXELS)
  const rendering = await renderBytes(png)
  assert.equal(rendering.outcome, 'damaged')
})

test('a file that is gone is no damaged picture', async () => {
  await assert.rejects(render(join(folder, 'gone.jpg')), { code: 'enoent' })
})

test('the eight turned pictures of a real camera look the same', { skip: noMedia }, async () => {
  for (const kind of ['landscape', 'portrait']) {
    const shown = await Promise.all(
      Array.from({ length: 8 }, async (_, i) => {
        const { preview } = rendered(await render(`${realMedia}orientation/${kind}_${i + 1}.jpg`))
        return sharp(preview.bytes).resize(24, 24, { fit: 'fill' }).raw().toBuffer()
      }),
    )
    for (const pixels of shown) {
      const difference =
        pixels.reduce((sum, value, i) => sum + Math.abs(value - (shown[0]?.[i] ?? 0)), 0) / pixels.length
      assert.ok(difference < 6, `${kind}: ${difference} levels apart on average`)
    }
  }
})

test('real pictures of cameras and phones are rendered, really damaged ones are not', { skip: noMedia }, async () => {
  for (const folderName of ['photos', 'metadata']) {
    for (const name of readdirSync(realMedia + folderName)) {
      assert.equal((await render(join(realMedia, folderName, name))).outcome, 'rendered', name)
    }
  }
  assert.equal((await render(`${realMedia}broken/corrupted.jpg`)).outcome, 'damaged')
  const whole = await readFile(`${realMedia}photos/Nikon_D90.jpg`)
  assert.equal((await renderBytes(whole.subarray(0, whole.length / 2))).outcome, 'damaged')
})

test('an HDR picture is brought to the range of a screen', { skip: noMedia }, async () => {
  const { preview } = rendered(await render(`${realMedia}formats/10bit-HDR-P3-nclx.avif`))
  const { channels } = await sharp(preview.bytes).stats()
  // Coded light shown as it is would be grey all over: little spread, and a dark sky.
  assert.ok(
    channels.every(channel => channel.stdev > 55),
    channels.map(channel => channel.stdev).join(),
  )
  assertNear(await colourAt(preview.bytes, 0.2, 0.2), [70, 180, 220], 45, 'the sky is blue')
})
