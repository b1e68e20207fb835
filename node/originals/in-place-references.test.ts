import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readFile, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { bytesOf, expectedOf } from '../../tests/contracts/original-store.ts'
import { openInPlace } from '../../tests/helpers/original-stores.ts'

const placing = { fileName: 'ignored', takenAt: '2024-07-01T00:00:00' }

async function setUp(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'homeroll-in-place-'))
  const photos = join(folder, 'photos')
  await mkdir(photos)
  const { store, close } = await openInPlace(folder)
  t.after(async () => {
    await close()
    await rm(folder, { recursive: true })
  })
  const take = async (name: string, seed: string) => {
    const path = join(photos, name)
    const bytes = bytesOf(seed, 2000)
    await mkdir(join(path, '..'), { recursive: true })
    await writeFile(path, bytes)
    const { outcome } = await store.put({ kind: 'file', path }, expectedOf(bytes), placing)
    return { path, bytes, expected: expectedOf(bytes), outcome }
  }
  return { store, folder, photos, take }
}

const pathsOf = async (references: AsyncIterable<{ path: string }>) => {
  const paths: string[] = []
  for await (const { path } of references) paths.push(path)
  return paths
}

test('a content at several paths is held while one of them is as it was', async t => {
  const { store, take } = await setUp(t)
  const one = await take('one.jpg', 'same')
  const two = await take('sub/two.jpg', 'same')
  assert.deepEqual([one.outcome, two.outcome], ['stored', 'present'])
  const { sha256 } = one.expected
  assert.deepEqual(await store.stats(), { originals: 1, bytes: 2000 })
  await rm(one.path)
  assert.equal(await store.pathOf(sha256), two.path)
  assert.equal(await store.verify(sha256), 'intact')
  await writeFile(two.path, 'a new version, of another size')
  assert.equal(await store.has(sha256), false)
  assert.equal(await store.verify(sha256), 'missing')
  assert.equal(await store.remove(sha256), true)
  assert.equal(store.knownAt(two.path), null)
  assert.deepEqual(await store.stats(), { originals: 0, bytes: 0 })
  assert.equal(await readFile(two.path, 'utf8'), 'a new version, of another size')
})

test('a folder that goes away loses nothing and is held again when it returns', async t => {
  const { store, photos, folder, take } = await setUp(t)
  const { expected, path } = await take('a.jpg', 'a')
  await take('b/b.jpg', 'b')
  assert.deepEqual(await pathsOf(store.absentUnder(photos)), [])
  await rename(photos, join(folder, 'unmounted'))
  assert.equal(await store.has(expected.sha256), false)
  assert.deepEqual(await pathsOf(store.absentUnder(photos)), [path, join(photos, 'b', 'b.jpg')])
  assert.equal((await store.stats()).originals, 2)
  await rename(join(folder, 'unmounted'), photos)
  assert.equal(await store.has(expected.sha256), true)
  assert.deepEqual(await pathsOf(store.absentUnder(photos)), [])
})

test('a new version of a file takes its path over', async t => {
  const { store, take } = await setUp(t)
  const old = await take('a.jpg', 'old')
  const next = await take('a.jpg', 'next')
  assert.equal(next.outcome, 'stored')
  assert.equal(await store.has(old.expected.sha256), false)
  assert.equal(await store.has(next.expected.sha256), true)
  assert.deepEqual(Buffer.from(store.knownAt(next.path)?.sha256 ?? []), Buffer.from(next.expected.sha256))
  assert.deepEqual(await store.stats(), { originals: 1, bytes: 2000 })
})

test('what is known at a path tells a rescan what to skip', async t => {
  const { store, photos, take } = await setUp(t)
  const { path, expected } = await take('a.jpg', 'a')
  const { mtimeMs, size } = await stat(path)
  assert.deepEqual(store.knownAt(path), { path, ...expected, bytes: size, modifiedMs: Math.floor(mtimeMs) })
  assert.equal(store.knownAt(join(photos, 'other.jpg')), null)
})

test('a folder lists what is inside it and nothing beside it, page after page', async t => {
  const { store, photos, take } = await setUp(t)
  const names = Array.from({ length: 1100 }, (_, n) => `in/${String(n).padStart(5, '0')}.jpg`)
  for (const name of names) await take(name, name)
  for (const name of ['in.jpg', 'in2/a.jpg', 'in!/a.jpg', 'ı/a.jpg']) await take(name, name)
  assert.deepEqual(await pathsOf(store.listUnder(join(photos, 'in'))), names.map(name => join(photos, name))) // prettier-ignore
  assert.equal((await pathsOf(store.listUnder(photos))).length, 1104)
  assert.equal((await pathsOf(store.list() as AsyncIterable<{ path: string }>)).length, 1104)
})

test('a file whose time is the one it was hashed at is not read again; any other is', async t => {
  const { store, photos } = await setUp(t)
  const path = join(photos, 'a.jpg')
  await writeFile(path, bytesOf('changed since', 2000))
  const { mtimeMs } = await stat(path)
  const expected = expectedOf(bytesOf('hashed before', 2000))
  const put = (modifiedMs?: number) =>
    store.put({ kind: 'file', path }, { ...expected, ...(modifiedMs !== undefined && { modifiedMs }) }, placing)
  assert.equal((await put()).outcome, 'mismatch')
  assert.equal((await put(mtimeMs - 10)).outcome, 'mismatch')
  assert.equal((await put(mtimeMs)).outcome, 'stored')
  assert.equal(await store.verify(expected.sha256), 'corrupt')
})

test('files are never written to, a path must be whole, nothing is taken away', async t => {
  const { store, photos, take } = await setUp(t)
  const { path, expected } = await take('a.jpg', 'a')
  const before = await stat(path, { bigint: true })
  await store.verify(expected.sha256)
  await store.remove(expected.sha256)
  const after = await stat(path, { bigint: true })
  assert.deepEqual([after.mtimeNs, after.ctimeNs, after.ino], [before.mtimeNs, before.ctimeNs, before.ino])
  assert.deepEqual(await readdir(photos), ['a.jpg'])
  await assert.rejects(store.put({ kind: 'file', path: 'a.jpg' }, expected, placing), { code: 'needs-a-file' })
  await assert.rejects(store.put({ kind: 'file', path, consume: true }, expected, placing), { code: 'needs-a-file' })
})

test('a touched file is not held until it is verified', async t => {
  const { store, take } = await setUp(t)
  const { path, expected } = await take('a.jpg', 'a')
  await utimes(path, 1_000_000_000, 1_000_000_000)
  assert.equal(await store.has(expected.sha256), false)
  assert.equal(await store.verify(expected.sha256), 'intact')
  assert.equal(await store.has(expected.sha256), true)
})
