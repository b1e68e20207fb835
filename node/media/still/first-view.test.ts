import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import sharp from 'sharp'
import { firstViewOfStill } from './first-view.ts'
import { standInOf } from './stand-in.ts'

let folder = ''
before(async () => (folder = await mkdtemp(join(tmpdir(), 'homeroll-first-'))))
after(() => rm(folder, { recursive: true }))

async function viewOf(bytes: Uint8Array, fileTime = 0) {
  const path = join(folder, 'one')
  await writeFile(path, bytes)
  return firstViewOfStill({ path, mime: '', fileTime, ffmpeg: null, memoryLimit: 1e9 })
}

const picture = () => sharp({ create: { width: 80, height: 60, channels: 3, background: 'teal' } })

test('the EXIF of any format is read: date, zone, camera, position, orientation', async () => {
  const exif = {
    IFD0: { Make: 'Acme', Model: 'One', ImageDescription: 'At the lake' },
    IFD2: {
      DateTimeOriginal: '2021:06:05 04:03:02',
      OffsetTimeOriginal: '+02:00',
      SubSecTimeOriginal: '125',
      FNumber: '28/10',
    },
    IFD3: { GPSLatitudeRef: 'S', GPSLatitude: '33/1 30/1 0/1', GPSLongitudeRef: 'W', GPSLongitude: '70/1 0/1 0/1' },
  }
  for (const format of ['jpeg', 'png', 'webp'] as const) {
    const { facts, standIn } = await viewOf(
      await picture().withMetadata({ orientation: 6 }).withExifMerge(exif).toFormat(format).toBuffer(),
    )
    assert.deepEqual(
      [facts.takenAt, facts.takenAtSource, facts.timeZone],
      ['2021-06-05T04:03:02.125', 'metadata', '+02:00'],
      format,
    )
    assert.deepEqual([facts.make, facts.model, facts.description, facts.fNumber], ['Acme', 'One', 'At the lake', 2.8])
    assert.deepEqual([facts.latitude, facts.longitude], [-33.5, -70])
    assert.deepEqual([facts.width, facts.height, facts.orientation], [60, 80, 6], 'as displayed')
    assert.equal(standIn, null)
  }
})

test('a file without a date has that of the file; a file that is no picture has a first view all the same', async () => {
  const { facts } = await viewOf(await picture().gif().toBuffer(), Date.parse('2020-02-02T12:00:00'))
  assert.deepEqual([facts.takenAt, facts.takenAtSource, facts.timeZone], ['2020-02-02T12:00:00', 'file', null])
  assert.deepEqual([facts.width, facts.height], [80, 60])
  assert.equal((await viewOf(Buffer.from('no picture'))).facts.width, 0)
})

/** An EXIF block whose second directory holds a JPEG. */
function exifWith(thumbnail: Buffer): Buffer {
  const block = Buffer.alloc(44)
  block.write('II*\0', 'latin1')
  block.writeUInt32LE(8, 4)
  block.writeUInt16LE(0, 8)
  block.writeUInt32LE(14, 10)
  block.writeUInt16LE(2, 14)
  const entry = (at: number, tag: number, value: number) => {
    block.writeUInt16LE(tag, at)
    block.writeUInt16LE(4, at + 2)
    block.writeUInt32LE(1, at + 4)
    block.writeUInt32LE(value, at + 8)
  }
  entry(16, 0x0201, 44)
  entry(28, 0x0202, thumbnail.length)
  return Buffer.concat([block, thumbnail])
}

test('the small picture inside stands in: upright, and without the bars that made it 4 by 3', async () => {
  const wide = await sharp({ create: { width: 160, height: 90, channels: 3, background: 'red' } })
    .extend({ top: 15, bottom: 15, background: 'black' })
    .jpeg()
    .toBuffer()
  const lying = await standInOf(exifWith(wide), 1, { width: 1920, height: 1080 })
  assert.deepEqual([lying?.width, lying?.height, lying?.mime], [160, 90, 'image/jpeg'])
  const { channels } = await sharp(lying?.bytes).stats()
  assert.ok((channels[0]?.min ?? 0) > 200, 'nothing black is left')

  const standing = await standInOf(exifWith(wide), 6, { width: 1080, height: 1920 })
  assert.deepEqual([standing?.width, standing?.height], [90, 160])
  assert.equal(
    await standInOf(exifWith(wide.subarray(0, 60)), 1, { width: 4, height: 3 }),
    null,
    'a damaged one is none',
  )
})
