import assert from 'node:assert/strict'
import { link, mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { Readable } from 'node:stream'
import { test, type TestContext } from 'node:test'
import { bytesOf, expectedOf, setTime } from '../../tests/contracts/original-store.ts'
import { openPlain } from '../../tests/helpers/original-stores.ts'

async function openIn(t: TestContext, prepare?: (originals: string) => Promise<void>) {
  const folder = await mkdtemp(join(tmpdir(), 'homeroll-placing-'))
  const originals = join(folder, 'originals')
  await mkdir(originals)
  await prepare?.(originals)
  const { store, close } = await openPlain(folder)
  t.after(async () => {
    await close()
    await rm(folder, { recursive: true })
  })
  const put = async (seed: string, fileName: string, takenAt = '2024-07-31T18:05:12') => {
    const bytes = bytesOf(seed, 1000)
    const source = { kind: 'stream', stream: Readable.from([bytes]) } as const
    const outcome = await store.put(source, expectedOf(bytes), { fileName, takenAt })
    assert.equal(outcome.outcome, 'stored')
    const path = outcome.outcome === 'stored' ? (outcome.path ?? '') : ''
    assert.ok((await readFile(path)).equals(bytes))
    return relative(originals, path)
  }
  return { folder, originals, store, put }
}

test('originals lie by month under their own names; collisions are numbered, letter case aside', async t => {
  const { put } = await openIn(t)
  assert.equal(await put('a', 'IMG_1234.HEIC'), '2024/2024-07/IMG_1234.HEIC')
  assert.equal(await put('b', 'IMG_1234.HEIC'), '2024/2024-07/IMG_1234 (2).HEIC')
  assert.equal(await put('c', 'img_1234.heic'), '2024/2024-07/img_1234 (3).heic')
  assert.equal(await put('d', 'IMG_1234.HEIC', '2023-12-01T00:00:00'), '2023/2023-12/IMG_1234.HEIC')
})

test('the twelfth and later of one name have digits of their hash', async t => {
  const { put } = await openIn(t)
  const names = []
  for (let n = 0; n < 14; n++) names.push(await put(`same ${n}`, 'image.jpg'))
  assert.equal(names[8], '2024/2024-07/image (9).jpg')
  for (const name of names.slice(9)) assert.match(name, /^2024\/2024-07\/image \([0-9a-f]{8}\)\.jpg$/)
  assert.equal(new Set(names).size, 14)
})

test('hostile names and dates stay inside the folder', async t => {
  const { put, folder } = await openIn(t)
  const names = ['..', '../../escape.jpg', '/etc/passwd', '', '.', '.hidden', 'a\0b', 'CON', `${'🙂'.repeat(62)}\n.jpg`]
  for (const [n, name] of names.entries()) {
    assert.match(await put(`hostile ${n}`, name), /^2024\/2024-07\/[^/.][^/]*$/)
  }
  for (const [n, date] of ['', '../../../x', '2024-13-01T00:00:00', '99999-01', '2024-0'].entries()) {
    assert.equal(await put(`undated ${n}`, `u${n}.jpg`, date), `undated/u${n}.jpg`)
  }
  assert.deepEqual(
    (await readdir(folder)).filter(name => !name.startsWith('originals')),
    [],
  )
})

test('files of others are never replaced; the same content is taken as it lies', async t => {
  const { put, store, originals } = await openIn(t, async folder => {
    await mkdir(join(folder, '2024', '2024-07'), { recursive: true })
    await writeFile(join(folder, '2024', '2024-07', 'theirs.jpg'), bytesOf('theirs', 1000))
    await writeFile(join(folder, '2024', '2024-07', 'same.jpg'), bytesOf('same', 1000))
    await mkdir(join(folder, '2024', '2024-07', 'folder.jpg'))
  })
  assert.equal(await put('ours', 'theirs.jpg'), '2024/2024-07/theirs (2).jpg')
  assert.equal(await put('same', 'same.jpg'), '2024/2024-07/same.jpg')
  assert.equal(await put('folder', 'folder.jpg'), '2024/2024-07/folder (2).jpg')
  assert.ok((await readFile(join(originals, '2024', '2024-07', 'theirs.jpg'))).equals(bytesOf('theirs', 1000)))
  assert.equal((await store.stats()).originals, 3)
  assert.deepEqual(await readdir(join(originals, '.incoming')), [])
})

test('people can open originals and folders, and a copy keeps the time of its source', async t => {
  const mask = process.umask(0o077)
  t.after(() => process.umask(mask))
  const { store, folder, originals } = await openIn(t)
  const bytes = bytesOf('mode', 1000)
  const path = join(folder, 'source.jpg')
  await writeFile(path, bytes, { mode: 0o400 })
  await utimes(path, 1_500_000_000, 1_500_000_000)
  await store.put({ kind: 'file', path }, expectedOf(bytes), { fileName: 'a.jpg', takenAt: '2024-07-01T00:00:00' })
  const stored = await stat(join(originals, '2024', '2024-07', 'a.jpg'))
  if (process.platform !== 'win32') {
    assert.equal(stored.mode & 0o777, 0o644)
    assert.equal((await stat(join(originals, '2024'))).mode & 0o777, 0o755)
    assert.equal((await stat(join(originals, '2024', '2024-07'))).mode & 0o777, 0o755)
  }
  assert.equal(stored.mtimeMs, 1_500_000_000_000)
})

test('a month folder that leads elsewhere is refused; a file in its place too', async t => {
  const { store, folder, put } = await openIn(t, async originals => {
    await mkdir(join(originals, '..', 'elsewhere'))
    await mkdir(join(originals, '2024'))
    await symlink(join(originals, '..', 'elsewhere'), join(originals, '2024', '2024-07'))
    await writeFile(join(originals, '2025'), 'in the way')
  })
  await assert.rejects(put('a', 'a.jpg'), { code: 'store-failed', message: /leads out of/ })
  await assert.rejects(put('b', 'b.jpg', '2025-01-01T00:00:00'), { code: 'store-failed' })
  assert.deepEqual(await readdir(join(folder, 'elsewhere')), [])
  assert.equal(await put('c', 'c.jpg', '2023-01-01T00:00:00'), '2023/2023-01/c.jpg')
  assert.equal((await store.stats()).originals, 1)
})

test('an original that was replaced by a link is not followed', async t => {
  const { store, put, folder, originals } = await openIn(t)
  const path = join(originals, await put('a', 'a.jpg'))
  const { sha256 } = expectedOf(bytesOf('a', 1000))
  await link(path, join(folder, 'outside.jpg'))
  await rm(path)
  await symlink(join(folder, 'outside.jpg'), path)
  assert.equal(await store.has(sha256), false)
  assert.equal(await store.get(sha256), null)
})

test('a corrupt original is put anew beside the old file, which stays', async t => {
  const { store, put, originals } = await openIn(t)
  const path = join(originals, await put('a', 'a.jpg'))
  const { sha256 } = expectedOf(bytesOf('a', 1000))
  const { mtimeMs } = await stat(path)
  await writeFile(path, bytesOf('rot', 1000))
  await setTime(path, mtimeMs)
  assert.equal(await store.has(sha256), true)
  assert.equal(await store.verify(sha256), 'corrupt')
  assert.equal(await store.has(sha256), false)
  assert.equal(await put('a', 'a.jpg'), '2024/2024-07/a (2).jpg')
  assert.equal(await store.verify(sha256), 'intact')
  assert.ok((await readFile(path)).equals(bytesOf('rot', 1000)))
  assert.equal((await store.stats()).originals, 1)
})

test('touched files are still held: their bytes are looked at once', async t => {
  const { store, put, originals } = await openIn(t)
  const path = join(originals, await put('a', 'a.jpg'))
  await utimes(path, 1_000_000_000, 1_000_000_000)
  const { sha256 } = expectedOf(bytesOf('a', 1000))
  assert.equal(await store.has(sha256), true)
  assert.equal(await store.verify(sha256), 'intact')
})
