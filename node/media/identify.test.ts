import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import sharp from 'sharp'
import { identify } from './identify.ts'

const realMedia = new URL('../../../shared/media/', import.meta.url).pathname
const noMedia = existsSync(realMedia) ? false : 'the folder of real media is not here'
let folder = ''
before(async () => (folder = await mkdtemp(join(tmpdir(), 'homeroll-identify-'))))
after(() => rm(folder, { recursive: true }))

async function identityOf(bytes: Uint8Array | string) {
  const path = join(folder, 'any name.jpg')
  await writeFile(path, bytes)
  const identity = await identify(path)
  return identity.outcome === 'known'
    ? identity.identified.mime
    : identity.outcome === 'unsupported'
      ? identity.name
      : null
}

test('what sharp writes is recognised as what it is, whatever the name says', async () => {
  const picture = () => sharp({ create: { width: 8, height: 8, channels: 3, background: 'teal' } })
  for (const format of ['jpeg', 'png', 'webp', 'gif', 'avif', 'tiff'] as const) {
    assert.equal(await identityOf(await picture().toFormat(format).toBuffer()), `image/${format}`)
  }
  assert.equal(await identityOf(await picture().tiff({ bigtiff: true }).toBuffer()), 'image/tiff')
})

test('other contents have a name, and text has none', async () => {
  const named: [string, string][] = [
    ['SVG', '<?xml version="1.0"?><!-- drawn --><svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['HTML', '  <!DOCTYPE html><p>'],
    ['PDF', '%PDF-1.7'],
    ['MKV', '\x1a\x45\xdf\xa3\x01matroska'],
    ['AVI', 'RIFF....AVI LIST'],
  ]
  for (const [name, content] of named) assert.equal(await identityOf(Buffer.from(content, 'latin1')), name)
  for (const text of ['a letter, not a picture', '', 'BMW, a car and not a bitmap', '#EXTM3U\nfile:///etc/passwd']) {
    assert.equal(await identityOf(text), null)
  }
})

test('containers are told apart by their brands', async () => {
  const file = (major: string, ...others: string[]) => {
    const brands = Buffer.from(`ftyp${major}\0\0\0\0${others.join('')}`, 'latin1')
    const length = Buffer.alloc(4)
    length.writeUInt32BE(brands.length + 4)
    return Buffer.concat([length, brands, Buffer.alloc(16)])
  }
  assert.equal(await identityOf(file('heic', 'mif1')), 'HEIC')
  assert.equal(await identityOf(file('mif1', 'heic')), 'HEIC')
  assert.equal(await identityOf(file('mif1', 'miaf', 'avif')), 'image/avif')
  assert.equal(await identityOf(file('crx ', 'isom')), 'CR3')
  assert.equal(await identityOf(file('M4A ', 'isom')), 'M4A audio')
  assert.equal(await identityOf(file('qt  ')), 'video/quicktime')
  assert.equal(await identityOf(file('isom', 'avc1')), 'video/mp4')
})

/** A TIFF of one directory: tag, type (3 short, 1 byte), value. */
function tiffWith(...entries: [number, number, number][]): Buffer {
  const bytes = Buffer.alloc(8 + 2 + entries.length * 12 + 4 + 8)
  bytes.write('II*\0', 'latin1')
  bytes.writeUInt32LE(8, 4)
  bytes.writeUInt16LE(entries.length, 8)
  entries.forEach(([tag, type, value], i) => {
    bytes.writeUInt16LE(tag, 10 + i * 12)
    bytes.writeUInt16LE(type, 12 + i * 12)
    bytes.writeUInt32LE(1, 14 + i * 12)
    bytes.writeUInt32LE(value, 18 + i * 12)
  })
  return bytes
}

test('a TIFF with a sensor in it is a raw file, not a picture', async () => {
  assert.equal(await identityOf(tiffWith([262, 3, 2])), 'image/tiff')
  assert.equal(await identityOf(tiffWith([262, 3, 2], [0xc612, 1, 1])), 'DNG')
  assert.equal(await identityOf(tiffWith([259, 3, 34713], [262, 3, 32803])), 'camera RAW')
})

test('no bytes make it fail or read without end', async () => {
  const start = fc.constantFrom('', 'II*\0', 'MM\0*', 'II+\0\x08\0\0\0', '\0\0\0\x20ftyp', '\0\0\0\x08moov')
  await fc.assert(
    fc.asyncProperty(start, fc.uint8Array({ maxLength: 400 }), async (head, rest) => {
      await identityOf(Buffer.concat([Buffer.from(head, 'latin1'), rest]))
    }),
    { numRuns: 300 },
  )
})

test('a file that is not there rejects with the words of the system', async () => {
  await assert.rejects(identify(join(folder, 'nothing')), { code: 'ENOENT' })
})

test('real files of cameras and phones', { skip: noMedia }, async () => {
  const expected: Record<string, string> = {
    'formats/iphone_7.heic': 'HEIC',
    'formats/Canon.HIF': 'HEIC',
    'formats/8bit-sRGB.jxl': 'JPEG XL',
    'formats/canon_eos_6d.dng': 'DNG',
    'formats/Canon-R6-pruned.CR3': 'CR3',
    'formats/10bit-HDR-P3-nclx.avif': 'image/avif',
    'formats/panorama360.jpg': 'image/jpeg',
    'video/with-gps.mov': 'video/quicktime',
    'video/christmas.mp4': 'video/mp4',
    'video/sony-a7m3.mts': 'MPEG transport stream (MTS)',
  }
  for (const [name, what] of Object.entries(expected)) {
    const identity = await identify(realMedia + name)
    const found =
      identity.outcome === 'known' ? identity.identified.mime : identity.outcome === 'unsupported' && identity.name
    assert.equal(found, what, name)
  }
})
