// What people do inside a watched folder, and what an import meets that is no picture file at all.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, renameSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AssetRecord, ImportResult, WatchedFolder } from '../../shared/schema/index.ts'
import { jpeg, place, seededRandom } from '../helpers/pictures.ts'
import { homeroll, startNode, temporaryFolder, type TestNode } from '../helpers/start-node.ts'

const folder = temporaryFolder('changing')
after(() => folder.remove())
const random = seededRandom(21)
const past = (path: string) => utimesSync(path, new Date(2020, 1, 1), new Date(2020, 1, 1))

async function assetsOf(node: TestNode): Promise<AssetRecord[]> {
  const response = await fetch(`${node.apiUrl}/assets`, { headers: { authorization: `Bearer ${node.token}` } })
  const lines = (await response.text()).split('\n').filter(line => line !== '')
  return lines.map(line => JSON.parse(line) as AssetRecord)
}

async function eventually(what: string, look: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 300; i++) {
    if (await look()) return
    await sleep(100)
  }
  throw new Error(`not within 30 s: ${what}`)
}

test('in a watched folder a renamed file stays the same asset, an edited one becomes a new one, our own data is none', async () => {
  const photos = join(folder.path, 'photos')
  const data = join(photos, 'data')
  const [renamed, edited] = [join(photos, 'renamed.jpg'), join(photos, 'edited.jpg')]
  place(renamed, await jpeg(random))
  place(edited, await jpeg(random))
  for (const path of [renamed, edited]) past(path)
  const link = join(folder.path, 'link')
  symlinkSync(photos, link)
  const node = await startNode(data)
  assert.equal((await homeroll(['watch', 'add', link, '--data', data])).code, 0)
  const watched = async () => (await node.get<WatchedFolder[]>('/watches'))[0] as WatchedFolder
  const idle = async () => assert.equal((await node.get<{ idle: boolean }>('/idle?timeout=60')).idle, true)
  await idle()
  assert.deepEqual([(await watched()).state, (await watched()).assets], ['watching', 2])

  const before = await assetsOf(node)
  renameSync(renamed, join(photos, 'new name.jpg'))
  await sleep(800)
  await idle()
  assert.equal((await assetsOf(node)).length, 2)
  assert.ok((await assetsOf(node)).every(({ copies }) => copies === 1))
  assert.deepEqual([(await watched()).assets, (await watched()).absent], [2, 0])

  const old = before.find(({ fileName }) => fileName === 'edited.jpg') as AssetRecord
  writeFileSync(edited, await jpeg(random, { width: 400, height: 300 }))
  await eventually('the new version', async () => (await assetsOf(node)).length === 3)
  await idle()
  const copies = Object.fromEntries((await assetsOf(node)).map(asset => [asset.sha256, asset.copies]))
  assert.equal(copies[old.sha256], 0, 'nothing holds the old version any more')
  assert.deepEqual(Object.values(copies).sort(), [0, 1, 1])

  // Deep folders that come all at once, hidden ones that stay out, and what is put into our own folder.
  const deep = join(photos, 'a', 'b', 'c')
  place(join(deep, 'deep.jpg'), await jpeg(random))
  place(join(photos, '.hidden', 'x', 'hidden.jpg'), await jpeg(random))
  place(join(data, 'originals', 'mine.jpg'), await jpeg(random))
  await eventually('the deep file', async () => (await assetsOf(node)).length === 4)
  place(join(deep, 'later.jpg'), await jpeg(random))
  await eventually('a file in a folder that is new itself', async () => (await assetsOf(node)).length === 5)
  await idle()
  assert.equal((await assetsOf(node)).length, 5)
  assert.equal(await node.stop(), 0)
})

test('pipes, sockets, devices, odd names and our own data are named, and hold nothing up', async t => {
  const odd = join(folder.path, 'odd')
  const data = join(folder.path, 'odd-data')
  mkdirSync(odd)
  assert.equal(spawnSync('mkfifo', [join(odd, 'pipe.jpg')]).status, 0)
  const socket = createServer().listen(join(odd, 'socket.jpg'))
  t.after(() => socket.close())
  const single = join(odd, 'single.jpg')
  place(single, await jpeg(random))
  past(single)
  writeFileSync(
    Buffer.concat([Buffer.from(`${odd}/caf`), Buffer.from([0xe9]), Buffer.from('.jpg')]),
    await jpeg(random),
  )
  const paths = [join(odd, 'pipe.jpg'), join(odd, 'socket.jpg'), '/dev/zero', single, single, join(data, 'mine'), odd]
  mkdirSync(join(data, 'mine'), { recursive: true })
  const { code, stdout } = await homeroll(['import', ...paths, '--data', data, '--json'])
  const { imported, duplicates, failed } = JSON.parse(stdout) as ImportResult
  assert.deepEqual([code, imported, duplicates], [3, 1, 0])
  assert.deepEqual(failed.map(failure => failure.code).sort(), [
    'bad-name',
    'inside-data',
    'not-a-file',
    'not-a-file',
    'not-a-file',
  ])
})

test('the folder of originals is remembered by every later command', async () => {
  const data = join(folder.path, 'elsewhere-data')
  const originals = join(folder.path, 'elsewhere')
  const node = await startNode(data, ['--originals', originals])
  assert.equal(await node.stop(), 0)
  const photo = join(folder.path, 'elsewhere.jpg')
  place(photo, await jpeg(random, { takenAt: '2011:02:03 04:05:06' }))
  past(photo)
  assert.equal((await homeroll(['import', photo, '--data', data, '--json'])).code, 0)
  const verified = await homeroll(['verify', '--data', data, '--json'])
  assert.deepEqual(JSON.parse(verified.stdout), { checked: 1, corrupt: [], repaired: 0, missing: [] })
  const { stdout } = spawnSync('find', [originals, '-name', 'elsewhere.jpg'], { encoding: 'utf8' })
  assert.match(stdout, /elsewhere\/2011\/2011-02\/elsewhere\.jpg/)
})

test('asked to end in the middle of an import it ends cleanly, and the import goes on at the next start', async () => {
  const data = join(folder.path, 'term-data')
  const many = join(folder.path, 'many')
  for (let i = 0; i < 120; i++) {
    const path = join(many, `${i}.jpg`)
    place(path, await jpeg(random))
    past(path)
  }
  const node = await startNode(data)
  const { id } = await node.post<{ id: string }>('/imports', { paths: [many], inPlace: false })
  await eventually('some are in', async () => (await assetsOf(node)).length > 10)
  assert.equal(await node.stop(), 0)
  const again = await startNode(data)
  assert.equal((await again.get<{ idle: boolean }>('/idle?timeout=120')).idle, true)
  const end = await again.get<{ state: string; files: { imported: number; duplicates: number; failed: number } }>(
    `/imports/${id}`,
  )
  assert.deepEqual([end.state, end.files.imported + end.files.duplicates, end.files.failed], ['done', 120, 0])
  assert.equal((await assetsOf(again)).length, 120)

  const head = spawnSync('sh', ['-c', `"$NODE" "$MAIN" assets --data "$DATA" | head -1`], {
    encoding: 'utf8',
    env: { ...process.env, NODE: process.execPath, MAIN: join(import.meta.dirname, '../../node/main.ts'), DATA: data },
  })
  assert.deepEqual([head.stdout.split('\n').length, head.stderr], [2, ''])
  assert.equal(await again.stop(), 0)
})
