import assert from 'node:assert/strict'
import { link, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { bytesOf, expectedOf } from '../../tests/contracts/original-store.ts'
import { openPlain } from '../../tests/helpers/original-stores.ts'
import { openLocations } from './locations.ts'
import { reservationOf } from './placing.ts'
import { createPlainRecords } from './plain-records.ts'

const bytes = bytesOf('interrupted', 40_000)
const expected = expectedOf(bytes)
const path = '2024/2024-07/IMG_1.jpg'

/** A folder as a process leaves it that dies between intending a name and recording it. */
async function interrupted(t: TestContext, leave: (files: { part: string; final: string }) => Promise<void>) {
  const folder = await mkdtemp(join(tmpdir(), 'homeroll-recovery-'))
  t.after(() => rm(folder, { recursive: true }))
  await mkdir(join(folder, 'originals', '.incoming'), { recursive: true })
  await mkdir(join(folder, 'originals', '2024', '2024-07'), { recursive: true })
  const locations = await openLocations(join(folder, 'originals.sqlite'))
  const part = `${locations.id}-0123456789abcdef.part`
  createPlainRecords(locations).intend({ part, ...expected, path })
  await locations.close()
  const incoming = join(folder, 'originals', '.incoming')
  const final = join(folder, 'originals', path)
  await leave({ part: join(incoming, part), final })
  const { store, close } = await openPlain(folder)
  t.after(close)
  return { store, final, incoming }
}

test('a part that got no name is removed', async t => {
  const { store, final, incoming } = await interrupted(t, ({ part }) => writeFile(part, bytes))
  assert.equal(await store.has(expected.sha256), false)
  assert.deepEqual(await readdir(incoming), [])
  await assert.rejects(readFile(final), { code: 'ENOENT' })
})

test('a part under both names, or under its last alone, becomes the original', async t => {
  const ends = [
    async ({ part, final }: { part: string; final: string }) => {
      await writeFile(part, bytes)
      await link(part, final)
    },
    async ({ final }: { final: string }) => writeFile(final, bytes),
  ]
  for (const end of ends) {
    const { store, final, incoming } = await interrupted(t, end)
    assert.equal(await store.pathOf(expected.sha256), final)
    assert.equal(await store.verify(expected.sha256), 'intact')
    assert.deepEqual(await readdir(incoming), [])
    assert.deepEqual(await store.stats(), { originals: 1, bytes: bytes.length })
  }
})

test('a reserved name is free again', async t => {
  const { store, final, incoming } = await interrupted(t, async ({ part, final }) => {
    await writeFile(part, bytes)
    await writeFile(final, reservationOf(part))
  })
  assert.equal(await store.has(expected.sha256), false)
  await assert.rejects(readFile(final), { code: 'ENOENT' })
  assert.deepEqual(await readdir(incoming), [])
})

test('what others put under the name, or into the incoming folder, stays', async t => {
  for (const theirs of [bytesOf('theirs', 10), bytesOf('theirs', bytes.length), Buffer.alloc(0)]) {
    const { store, final, incoming } = await interrupted(t, async ({ part, final }) => {
      await writeFile(part, bytes)
      await writeFile(final, theirs)
      await writeFile(join(part, '..', 'notes.txt'), 'mine')
      await writeFile(join(part, '..', 'ffffffff-0123456789abcdef.part'), 'of another store')
    })
    assert.equal(await store.has(expected.sha256), false)
    assert.ok((await readFile(final)).equals(theirs))
    assert.deepEqual((await readdir(incoming)).sort(), ['ffffffff-0123456789abcdef.part', 'notes.txt'])
  }
})

test('the originals folder being away is said, not filled anew', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'homeroll-away-'))
  t.after(() => rm(folder, { recursive: true }))
  const first = await openPlain(folder)
  const source = join(folder, 'source')
  await writeFile(source, bytes)
  await first.store.put({ kind: 'file', path: source }, expected, { fileName: 'a.jpg', takenAt: '2024-07-01T00:00:00' })
  // While the store is open: nothing may be written where the disk was.
  await rm(join(folder, 'originals'), { recursive: true })
  const other = bytesOf('other', 100)
  await writeFile(source, other)
  await assert.rejects(
    first.store.put({ kind: 'file', path: source }, expectedOf(other), { fileName: 'b.jpg', takenAt: '' }),
    { code: 'store-failed', message: /is not there/ },
  )
  await first.close()
  await mkdir(join(folder, 'originals'))
  await assert.rejects(openPlain(folder), { code: 'originals-away' })
  assert.deepEqual(await readdir(join(folder, 'originals')), [])
})
