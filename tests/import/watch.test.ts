// Folders that are taken in as they change, and folders that go away.
import assert from 'node:assert/strict'
import { appendFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AssetRecord, WatchedFolder } from '../../shared/schema/index.ts'
import { jpeg, place, seededRandom } from '../helpers/pictures.ts'
import { homeroll, startNode, temporaryFolder, type TestNode } from '../helpers/start-node.ts'

const folder = temporaryFolder('watch')
after(() => folder.remove())
const random = seededRandom(11)

async function assetsOf(node: TestNode): Promise<AssetRecord[]> {
  const response = await fetch(`${node.apiUrl}/assets`, { headers: { authorization: `Bearer ${node.token}` } })
  const lines = (await response.text()).split('\n').filter(line => line !== '')
  return lines.map(line => JSON.parse(line) as AssetRecord)
}

async function eventually<T>(what: string, look: () => Promise<T | null | undefined | false>): Promise<T> {
  for (let i = 0; i < 300; i++) {
    const found = await look()
    if (found) return found
    await sleep(100)
  }
  throw new Error(`not within 30 s: ${what}`)
}

const folderNow = async (node: TestNode) => (await node.get<WatchedFolder[]>('/watches'))[0]

test('a watched folder is taken in by reference, followed, and its absence deletes nothing', async () => {
  const data = join(folder.path, 'data')
  const photos = join(folder.path, 'photos')
  place(join(photos, '2019', 'first.jpg'), await jpeg(random))
  const node = await startNode(data)
  const added = await homeroll(['watch', 'add', photos, '--data', data, '--json'])
  assert.equal(added.code, 0, added.stderr)

  const [first] = await eventually('the first photo', async () => {
    const assets = await assetsOf(node)
    return assets.length === 1 && assets[0]?.state === 'ready' && assets
  })
  assert.ok(first)
  assert.equal((await homeroll(['idle', '--data', data, '--timeout', '30'])).code, 0)

  // No second copy: the originals' folder holds nothing.
  const verified = await node.post<{ checked: number }>('/verify')
  assert.equal(verified.checked, 1)

  const second = join(photos, '2020', 'second.jpg')
  place(second, await jpeg(random))
  await eventually('a new file in a new folder', async () => (await assetsOf(node)).length === 2)

  // A file that grows is waited for, not taken in half.
  const growing = join(photos, 'growing.jpg')
  const bytes = await jpeg(random, { width: 800, height: 600 })
  const half = Math.floor(bytes.length / 2)
  writeFileSync(growing, bytes.subarray(0, half))
  for (let at = half; at < bytes.length; at += 4096) {
    await sleep(20)
    appendFileSync(growing, bytes.subarray(at, at + 4096))
  }
  await eventually('the grown file', async () => (await assetsOf(node)).length === 3)
  assert.equal((await node.get<{ idle: boolean }>('/idle?timeout=30')).idle, true)
  assert.ok((await assetsOf(node)).every(asset => asset.state === 'ready'))

  // A file that is gone is missed, not deleted.
  rmSync(second)
  await eventually('one absent', async () => (await folderNow(node))?.absent === 1)
  assert.equal((await assetsOf(node)).length, 3)
  assert.equal((await assetsOf(node)).find(asset => asset.fileName === 'second.jpg')?.copies, 0)

  // The whole folder goes away, as when a disk is unplugged, and comes back.
  const away = join(folder.path, 'unplugged')
  renameSync(photos, away)
  await eventually('away', async () => (await folderNow(node))?.state === 'away')
  const assets = await assetsOf(node)
  assert.equal(assets.length, 3)
  assert.equal(assets.find(asset => asset.fileName === 'first.jpg')?.copies, 1, 'absence is not deletion')
  renameSync(away, photos)
  await eventually('back', async () => (await folderNow(node))?.state === 'watching')
  const original = await fetch(`${node.apiUrl}/assets/${first.id}/original`, {
    headers: { authorization: `Bearer ${node.token}` },
  })
  assert.equal(original.status, 200)
  assert.equal((await original.arrayBuffer()).byteLength, first.bytes)

  // Watching goes on after a restart, and what changed meanwhile is noticed.
  assert.equal(await node.stop(), 0)
  place(join(photos, 'while-off.jpg'), await jpeg(random))
  const again = await startNode(data)
  await eventually('what came while it was off', async () => (await assetsOf(again)).length === 4)
  const removed = await homeroll(['watch', 'remove', photos, '--data', data])
  assert.equal(removed.code, 0, removed.stderr)
  assert.equal((await assetsOf(again)).length, 4)
  assert.equal(await again.stop(), 0)
})

test('what cannot be watched is refused with a reason', async () => {
  const data = join(folder.path, 'refusals')
  const photos = join(folder.path, 'refused')
  place(join(photos, 'inner', 'one.jpg'), await jpeg(random))
  const node = await startNode(data)
  const add = (path: string) => homeroll(['watch', 'add', path, '--data', data])
  assert.equal((await add(photos)).code, 0)
  for (const [path, reason] of [
    [join(photos, 'inner'), /watched already/],
    [join(folder.path, 'nowhere'), /nowhere/],
    [join(photos, 'inner', 'one.jpg'), /not a folder/],
    [join(data, 'originals'), /own data/],
  ] as const) {
    const refused = await add(path)
    assert.equal(refused.code, 1, path)
    assert.match(refused.stderr, reason)
  }
  assert.equal(await node.stop(), 0)
})
