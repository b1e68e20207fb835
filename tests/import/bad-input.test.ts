// Everything that a real folder of ten years may hold besides good pictures.
import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, truncateSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import sharp from 'sharp'
import type { AssetRecord, ImportResult } from '../../shared/schema/index.ts'
import { jpeg, place, seededRandom } from '../helpers/pictures.ts'
import { homeroll, startNode, temporaryFolder } from '../helpers/start-node.ts'

const folder = temporaryFolder('bad-input')
after(() => folder.remove())
const random = seededRandom(3)
const photos = join(folder.path, 'photos')
let good: Buffer

/** In the past, so that nobody takes it for a file that still grows. */
function put(name: string, bytes: Uint8Array): string {
  const path = join(photos, name)
  place(path, bytes)
  utimesSync(path, new Date(2020, 1, 1), new Date(2020, 1, 1))
  return path
}

async function importInto(data: string, ...args: string[]): Promise<{ code: number | null; result: ImportResult }> {
  const { code, stdout, stderr } = await homeroll(['import', ...args, '--data', join(folder.path, data), '--json'])
  assert.notEqual(stdout, '', stderr)
  return { code, result: JSON.parse(stdout) as ImportResult }
}

async function assetsIn(data: string): Promise<AssetRecord[]> {
  const { stdout } = await homeroll(['assets', '--json', '--data', join(folder.path, data)])
  return stdout
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as AssetRecord)
}

before(async () => {
  good = await jpeg(random, { width: 640, height: 480, takenAt: '2019:07:31 18:05:12' })
})

test('one bad folder: each bad file is listed with a reason, every good one comes in', async () => {
  const odd = `${'🌊'.repeat(40)}\n${'x'.repeat(255 - 160 - 1 - 4)}.jpg`
  assert.equal(Buffer.byteLength(odd), 255)
  put(odd, good)
  put('second.jpg', await jpeg(random))
  const half = put('half.jpg', await jpeg(random, { width: 900, height: 700 }))
  truncateSync(half, Math.floor(readFileSync(half).length / 2))
  utimesSync(half, new Date(2020, 1, 1), new Date(2020, 1, 1))
  put('text.jpg', Buffer.from('dear diary, this is not a picture\n'.repeat(20)))
  put('empty.jpg', Buffer.alloc(0))
  put('drawing.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'))
  put('page.png', Buffer.from('<!doctype html><script>alert(1)</script>'))
  put('-overwrite_original.jpg', await jpeg(random))
  mkdirSync(join(photos, 'loop'))
  symlinkSync(photos, join(photos, 'loop', 'again'))
  symlinkSync(join(photos, 'nothing'), join(photos, 'dangling.jpg'))

  const { code, result } = await importInto('data', photos)
  assert.equal(code, 3)
  assert.equal(result.imported, 3)
  assert.deepEqual(
    Object.fromEntries(result.failed.map(({ path, code }) => [path.slice(photos.length + 1), code]).sort()),
    {
      'dangling.jpg': 'disappeared',
      'drawing.svg': 'unsupported',
      'empty.jpg': 'empty',
      'half.jpg': 'truncated',
      'page.png': 'unsupported',
      'text.jpg': 'unsupported',
    },
  )
  for (const { path, message } of result.failed) assert.ok(message.includes(path), `${message} names ${path}`)

  const assets = await assetsIn('data')
  assert.equal(assets.filter(({ state }) => state === 'ready').length, 3)
  assert.ok(
    assets.some(asset => asset.fileName === odd),
    'the name is kept as it was, emoji, newline and all',
  )

  // A second time nothing is taken in again, and what is wrong is told again.
  const again = await importInto('data', photos)
  assert.equal(again.result.imported, 0)
  assert.equal(again.result.duplicates, 3)
  assert.equal(again.result.failed.length, result.failed.length)
})

test('a folder without read permission is named, and the others come in', async t => {
  const locked = join(folder.path, 'locked')
  const open = join(folder.path, 'open')
  place(join(locked, 'inside.jpg'), good)
  place(join(open, 'outside.jpg'), good)
  // Nothing is closed to root, so where the tests run as root the command runs without that privilege.
  const mortal = process.getuid?.() === 0 ? ['setpriv', '--bounding-set', '-dac_override,-dac_read_search'] : []
  const data = join(folder.path, 'mortal')
  chmodSync(locked, 0o000)
  t.after(() => chmodSync(locked, 0o755))
  const { code, stdout, stderr } = await homeroll(['import', locked, open, '--data', data, '--json'], {}, mortal)
  assert.equal(code, 3, stderr)
  const result = JSON.parse(stdout) as ImportResult
  assert.equal(result.imported, 1)
  assert.deepEqual(
    result.failed.map(({ path, code }) => [path, code]),
    [[locked, 'unreadable']],
  )
})

test('two imports of one folder at once take every photo in once', async () => {
  const many = join(folder.path, 'many')
  for (let i = 0; i < 30; i++) {
    const path = join(many, `IMG_${i}.jpg`)
    place(path, await jpeg(random))
    utimesSync(path, new Date(2020, 1, 1), new Date(2020, 1, 1))
  }
  const [one, two] = await Promise.all([importInto('twice', many), importInto('twice', many)])
  assert.equal(one.result.imported + two.result.imported, 30)
  assert.equal(one.result.duplicates + two.result.duplicates, 30)
  assert.equal((await assetsIn('twice')).length, 30)
})

test('a picture of 20,000 x 20,000 pixels does not take the node along', async () => {
  const huge = join(folder.path, 'huge')
  const png = await sharp({
    create: { width: 20_000, height: 20_000, channels: 3, background: '#336' },
    limitInputPixels: false,
  })
    .png({ compressionLevel: 9 })
    .toBuffer()
  place(join(huge, 'huge.png'), png)
  place(join(huge, 'good.jpg'), good)
  const { result } = await importInto('huge-data', huge)
  const assets = await assetsIn('huge-data')
  assert.equal(assets.find(asset => asset.fileName === 'good.jpg')?.state, 'ready')
  // Either it is shown, or it is said why not; its bytes are held in both cases.
  assert.equal(assets.length, 2)
  const [asset] = assets.filter(one => one.fileName === 'huge.png')
  assert.ok(asset && asset.state !== 'pending')
  assert.equal(result.failed.length, asset.state === 'damaged' ? 1 : 0)
})

test('a clock set back by a year changes nothing: later edits still win', async () => {
  const data = join(folder.path, 'clock')
  const photo = join(folder.path, 'clock-photo.jpg')
  place(photo, await jpeg(random))
  const preload = join(import.meta.dirname, '../helpers/clock-back.ts')
  const node = await startNode(data)
  const { code } = await homeroll(['import', photo, '--data', data, '--json'])
  assert.equal(code, 0)
  const response = await fetch(`${node.apiUrl}/assets`, { headers: { authorization: `Bearer ${node.token}` } })
  const { id } = JSON.parse((await response.text()).trim()) as AssetRecord
  await node.patch('/assets', { ids: [id], set: { favourite: true, caption: 'before' } })
  assert.equal(await node.stop(), 0)

  const earlier = await startNode(data, [], { NODE_OPTIONS: `--import ${preload}` })
  await earlier.patch('/assets', { ids: [id], set: { favourite: false, caption: 'after' } })
  const asset = await earlier.get<AssetRecord>(`/assets/${id}`)
  assert.equal(asset.favourite, false)
  assert.equal(asset.description, 'after')
  const { warnings } = await earlier.get<{ warnings: { code: string }[] }>('/status')
  assert.ok(warnings.some(warning => warning.code === 'clock-behind'))
  assert.equal(await earlier.stop(), 0)
})

test('a second node on the same data folder refuses to start and says why', async () => {
  const data = join(folder.path, 'locked-twice')
  const node = await startNode(data)
  const second = await homeroll(['start', '--data', data, '--port', '0', '--no-open', '--json'])
  assert.equal(second.code, 1)
  assert.match(second.stderr, /in use/)
  assert.ok(second.stderr.includes(data))
  assert.equal(await node.stop(), 0)
})

test('wrong flags, missing paths and unwritable data folders end with a code and a sentence', async () => {
  const wrong = await homeroll(['import', '--no-such-flag', photos])
  assert.equal(wrong.code, 2)
  assert.match(wrong.stderr, /no-such-flag/)
  assert.equal((await homeroll(['start', '--port', '99999'])).code, 2)
  assert.equal((await homeroll(['dance'])).code, 2)
  const missing = await homeroll([
    'import',
    join(folder.path, 'nowhere'),
    '--data',
    join(folder.path, 'data'),
    '--json',
  ])
  assert.equal(missing.code, 1)
  assert.match(missing.stderr, /nowhere/)
  place(join(folder.path, 'a-file'), good)
  const unwritable = await homeroll(['status', '--data', join(folder.path, 'a-file', 'data')])
  assert.equal(unwritable.code, 1)
  assert.match(unwritable.stderr, /a-file/)
  assert.equal(existsSync(join(folder.path, 'a-file', 'data')), false)
})
