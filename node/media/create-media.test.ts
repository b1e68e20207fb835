import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, link, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import sharp from 'sharp'
import { createMedia, FACTS_VERSION, FIRST_VIEW_VERSION, type Identified, type Media } from './index.ts'
import { ffmpegCandidates, findFfmpeg } from './video/find-ffmpeg.ts'

const realMedia = new URL('../../../shared/media/', import.meta.url).pathname
const noMedia = existsSync(realMedia) ? false : 'the folder of real media is not here'
let folder = ''
let photo = ''
let media: Media
const jpeg: Identified = { format: 'jpeg', mime: 'image/jpeg', type: 'photo' }

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'homeroll-media-test-'))
  photo = join(folder, 'photo.jpg')
  await sharp({ create: { width: 300, height: 200, channels: 3, background: 'teal' } })
    .withExif({
      IFD0: { Make: 'Acme' },
      IFD2: { DateTimeOriginal: '2021:06:05 04:03:02' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '43/1 28/1 0/1', GPSLongitudeRef: 'E', GPSLongitude: '11/1 53/1 0/1' },
    })
    .jpeg()
    .toFile(photo)
  media = await createMedia()
})
after(async () => {
  await media.close()
  await rm(folder, { recursive: true })
})

async function identified(path: string): Promise<Identified> {
  const identity = await media.identify(path)
  assert.equal(identity.outcome, 'known', path)
  return identity.outcome === 'known' ? identity.identified : jpeg
}

test('a file goes the whole way: identified, first seen, read, rendered', async () => {
  const what = await identified(photo)
  const { facts } = await media.firstView(photo, what, 0)
  const { facts: authority, version } = await media.facts(photo, what, 0)
  assert.equal(version, FACTS_VERSION)
  assert.deepEqual([facts.takenAt, authority.takenAt], ['2021-06-05T04:03:02', '2021-06-05T04:03:02'])
  assert.deepEqual([authority.make, authority.width, authority.height], ['Acme', 300, 200])
  const rendering = await media.render(photo, what)
  assert.ok(rendering.outcome === 'rendered' && rendering.preview.bytes instanceof Uint8Array)
})

test('any file name reaches exiftool as a file, never as an option or a command', async () => {
  const names = [
    '-ver',
    '@args',
    '#comment',
    ' leading and trailing ',
    'line\nbreak\n-execute',
    'a\rb',
    '%d.jpg',
    `${'👪'.repeat(60)}\n${'é'.repeat(6)}`,
  ]
  for (const name of names) {
    const path = join(folder, name)
    await link(photo, path)
    // The zone of a position is known to the authority alone: the first view would not do.
    assert.equal((await media.facts(path, jpeg, 0)).facts.timeZone, 'Europe/Rome', JSON.stringify(name))
  }
  const links = (await readdir(tmpdir())).filter(name => name.startsWith('homeroll-facts-'))
  for (const name of links)
    assert.deepEqual(await readdir(join(tmpdir(), name)).catch(() => []), [], 'nothing is left behind')
})

test('where exiftool cannot run, the first view stands in and a warning says so', async () => {
  const without = await createMedia({ exiftool: { searchPath: folder } })
  try {
    const fallback = await without.facts(photo, jpeg, 0)
    assert.equal(fallback.facts.make, 'Acme')
    assert.equal(fallback.version, FIRST_VIEW_VERSION, 'so that the authority is asked again later')
    assert.deepEqual(
      without.warnings().map(({ code }) => code),
      ['exiftool-missing'],
    )
  } finally {
    await without.close()
  }
})

test('where exiftool hangs, the first view stands in after a bounded time', async () => {
  const perl = join(folder, 'perl')
  await writeFile(perl, '#!/bin/sh\nexec /bin/sleep 1000\n')
  await chmod(perl, 0o755)
  const hanging = await createMedia({ exiftool: { searchPath: folder, fileMs: 200 } })
  try {
    assert.equal((await hanging.facts(photo, jpeg, 0)).facts.make, 'Acme')
    assert.ok(hanging.warnings().some(({ code }) => code === 'exiftool-failed'))
  } finally {
    await hanging.close()
  }
})

test('calls can be cancelled', async () => {
  const signal = AbortSignal.abort(new Error('enough'))
  await assert.rejects(media.firstView(photo, jpeg, 0, signal), /enough/)
  await assert.rejects(media.facts(photo, jpeg, 0, signal), /enough/)
  await assert.rejects(media.render(photo, jpeg, signal), /enough/)
})

test('a poster stands upright, and is not taken from a black beginning', async t => {
  const ffmpeg = await findFfmpeg(ffmpegCandidates())
  if (ffmpeg === null) return t.skip('no ffmpeg on this machine')
  const flat = join(folder, 'flat.mp4')
  const film = join(folder, 'film.mp4')
  const run = (args: string[]) => promisify(execFile)(ffmpeg, ['-v', 'error', '-y', ...args])
  const scenes = [
    '-f',
    'lavfi',
    '-i',
    'color=black:s=320x240:d=2:r=10',
    '-f',
    'lavfi',
    '-i',
    'color=red:s=320x240:d=4:r=10',
  ]
  await run([...scenes, '-filter_complex', 'concat=n=2', '-pix_fmt', 'yuv420p', flat])
  const what = await identified(flat)
  assert.equal(what.mime, 'video/mp4')
  const rendering = await media.render(flat, what)
  assert.ok(rendering.outcome === 'rendered', JSON.stringify(rendering))
  assert.deepEqual([rendering.width, rendering.height, rendering.durationMs], [320, 240, 6000])
  const { channels } = await sharp(rendering.preview.bytes).stats()
  assert.ok((channels[0]?.mean ?? 0) > 150, 'red, not black')

  // Cut short, its index gone: damaged, with words for people.
  const { stdout } = await promisify(execFile)(
    ffmpeg,
    ['-v', 'error', '-i', flat, '-f', 'mp4', '-movflags', 'frag_keyframe+empty_moov', '-'],
    { encoding: 'buffer', maxBuffer: 1e8 },
  )
  await writeFile(film, stdout.subarray(0, 400))
  const cut = await media.render(film, what)
  assert.ok(cut.outcome === 'damaged' && cut.message.length > 20, JSON.stringify(cut))
})

test('a playlist in disguise is no video', async () => {
  const playlist = join(folder, 'list.mp4')
  await writeFile(playlist, `#EXTM3U\n#EXTINF:1,\nfile://${photo}\n`)
  assert.equal((await media.identify(playlist)).outcome, 'unknown')
  const forced = await media.render(playlist, { format: 'mp4', mime: 'video/mp4', type: 'video' })
  assert.equal(forced.outcome, 'damaged')
})

test('an ffmpeg that cannot do the work is passed over; without any, a warning says so', async () => {
  const broken = join(folder, 'ffmpeg-broken')
  await writeFile(broken, '#!/bin/sh\nexit 1\n')
  await chmod(broken, 0o755)
  assert.equal(await findFfmpeg([broken, join(folder, 'nothing')]), null)
  assert.equal(ffmpegCandidates({ FFMPEG_PATH: '/named/ffmpeg' })[0], '/named/ffmpeg')

  const without = await createMedia({ ffmpeg: [broken] })
  try {
    const path = join(folder, 'flat.mp4')
    const video: Identified = { format: 'mp4', mime: 'video/mp4', type: 'video' }
    if (existsSync(path)) await assert.rejects(without.render(path, video), { code: 'ffmpeg-missing' })
    else await without.firstView(photo, video, 0)
    assert.ok(without.warnings().some(({ code }) => code === 'ffmpeg-missing'))
  } finally {
    await without.close()
  }
})

test('facts of real photos and videos', { skip: noMedia }, async () => {
  const read = async (name: string) => {
    const path = realMedia + name
    return (await media.facts(path, await identified(path), 0)).facts
  }
  const arezzo = await read('metadata/DSCN0010.jpg')
  assert.deepEqual([arezzo.takenAt, arezzo.timeZone, arezzo.exposure], ['2008-10-22T16:28:39', 'Europe/Rome', '1/75'])
  assert.ok(Math.abs((arezzo.latitude ?? 0) - 43.4674) < 1e-3 && Math.abs((arezzo.longitude ?? 0) - 11.8851) < 1e-3)
  assert.equal((await read('metadata/empty_gps.jpg')).latitude, null)
  assert.equal((await read('metadata/mongolels.jpg')).rating, 3)
  assert.deepEqual((await read('metadata/picasa.jpg')).keywords, ['Frost', 'Yard'])
  const gps = await read('video/with-gps.mov')
  assert.deepEqual([gps.takenAt, gps.timeZone, gps.model], ['2019-07-24T11:25:40', '+03:00', 'iPhone 6'])
  assert.deepEqual([gps.width, gps.height, gps.orientation, gps.durationMs], [320, 568, 6, 4002])
  assert.equal((await read('photos/Canon_EOS_450D.jpg')).lens, 'EF70-200mm f/2.8L IS USM')
})

test('real videos get an upright poster', { skip: noMedia }, async () => {
  const sizes = {
    'quicktime-hvc1.mov': [720, 1280],
    'with-gps.mov': [320, 568],
    'earth.mov': [480, 270],
    'christmas.mp4': [640, 416],
  }
  for (const [name, size] of Object.entries(sizes)) {
    const path = `${realMedia}video/${name}`
    const rendering = await media.render(path, await identified(path))
    assert.ok(rendering.outcome === 'rendered', `${name}: ${JSON.stringify(rendering)}`)
    assert.deepEqual([rendering.width, rendering.height], size, name)
    assert.deepEqual([rendering.preview.width, rendering.preview.height], size, name)
  }
})
