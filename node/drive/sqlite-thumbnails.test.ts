import assert from 'node:assert/strict'
import { mkdtemp, open, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { thumbnailStoreContract } from '../../tests/contracts/thumbnail-store.ts'
import { openThumbnails } from './index.ts'

let root = ''
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'homeroll-thumbnails-'))
})
after(() => rm(root, { recursive: true, force: true }))
const fresh = async () => join(await mkdtemp(join(root, 'data-')), 'thumbnails.sqlite')

thumbnailStoreContract('sqlite', async () => openThumbnails(await fresh()))

const asset = (n: number) => n.toString(16).padStart(32, '0')
const thumbnail = { mime: 'image/webp', bytes: new Uint8Array(15_000).fill(3), version: 1 }

test('thumbnails outlive a closing', async () => {
  const file = await fresh()
  const first = openThumbnails(file)
  first.put([{ asset: asset(1), thumbnail }])
  first.close()
  const second = openThumbnails(file)
  assert.equal(second.created, false)
  assert.deepEqual(second.get(asset(1))?.bytes.length, 15_000)
  second.close()
})

test('a file that is no database is thrown away and begun anew', async () => {
  for (const content of ['not a database at all, though long enough to look at'.repeat(50), '\0'.repeat(8192)]) {
    const file = await fresh()
    await writeFile(file, content)
    const store = openThumbnails(file)
    assert.equal(store.created, true)
    store.put([{ asset: asset(1), thumbnail }])
    assert.equal(store.get(asset(1))?.version, 1)
    store.close()
  }
})

test('damage found while it is in use begins it anew', async () => {
  const file = await fresh()
  const first = openThumbnails(file)
  first.put(
    Array.from({ length: 2000 }, (_, n) => ({
      asset: asset(n),
      thumbnail: { ...thumbnail, bytes: new Uint8Array(500) },
    })),
  )
  first.close()
  const raw = await open(file, 'r+')
  // The first page stays, so that the file opens; all that hangs below it is rubbish.
  const { size } = await raw.stat()
  await raw.write(Buffer.alloc(size - 8192, 0x5a), 0, size - 8192, 8192)
  await raw.close()
  const store = openThumbnails(file)
  assert.equal(store.get(asset(7)), null)
  assert.equal(store.created, true)
  store.put([{ asset: asset(7), thumbnail }])
  assert.equal(store.get(asset(7))?.version, 1)
  store.close()
})

test('a file of another version is emptied', async () => {
  const file = await fresh()
  const { DatabaseSync } = await import('node:sqlite')
  const db = new DatabaseSync(file)
  db.exec('CREATE TABLE thumbnail (other TEXT); PRAGMA user_version = 99')
  db.close()
  const store = openThumbnails(file)
  assert.equal(store.created, true)
  assert.equal(store.get(asset(1)), null)
  store.close()
})

test('the file is the owner’s alone', { skip: process.platform === 'win32' }, async () => {
  const file = await fresh()
  const store = openThumbnails(file)
  assert.equal((await stat(file)).mode & 0o077, 0)
  store.close()
})
