import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import { bytesOf, expectedOf } from '../../tests/contracts/original-store.ts'
import { createHasher, openInPlaceOriginals, openLocations, openPlainOriginals } from './index.ts'
import { combineOriginals } from './combine-originals.ts'
import { createSourceJournal } from './source-journal.ts'

test('a plain and an in-place store over one locations file answer as one', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'homeroll-combine-'))
  const hasher = createHasher({ threads: 1 })
  const locations = await openLocations(join(folder, 'originals.sqlite'))
  const plain = await openPlainOriginals({ folder: join(folder, 'originals'), locations, hasher })
  const inPlace = openInPlaceOriginals({ locations, hasher })
  t.after(async () => {
    await locations.close()
    await hasher.close()
    await rm(folder, { recursive: true })
  })
  const placing = { fileName: 'a.jpg', takenAt: '2024-07-01T00:00:00' }
  const copied = bytesOf('copied', 1000)
  const referred = bytesOf('referred', 1000)
  const both = bytesOf('both', 1000)
  for (const bytes of [copied, both]) {
    await plain.put({ kind: 'stream', stream: Readable.from([bytes]) }, expectedOf(bytes), placing)
  }
  for (const [name, bytes] of [
    ['referred', referred],
    ['both', both],
  ] as const) {
    // prettier-ignore
    await writeFile(join(folder, name), bytes)
    await inPlace.put({ kind: 'file', path: join(folder, name) }, expectedOf(bytes), placing)
  }
  const view = combineOriginals([plain, inPlace])
  for (const bytes of [copied, referred, both]) {
    const { sha256 } = expectedOf(bytes)
    assert.equal(await view.has(sha256), true)
    assert.equal(await view.verify(sha256), 'intact')
    const stream = await view.get(sha256, { start: 10, end: 19 })
    assert.ok(stream && (await buffer(stream)).equals(bytes.subarray(10, 20)))
  }
  const listed: string[] = []
  for await (const { sha256 } of view.list()) listed.push(Buffer.from(sha256).toString('hex'))
  assert.deepEqual(
    listed.sort(),
    [copied, referred, both].map(bytes => Buffer.from(expectedOf(bytes).sha256).toString('hex')).sort(),
  )
  assert.deepEqual(await view.stats(), { originals: 4, bytes: 4000 })
  const { sha256 } = expectedOf(both)
  const path = await view.pathOf(sha256)
  assert.equal(path, await plain.pathOf(sha256))
  await rm(path ?? '')
  assert.equal(await view.pathOf(sha256), join(folder, 'both'))
  assert.equal(await view.verify(sha256), 'intact')
  await rm(join(folder, 'both'))
  assert.equal(await view.verify(sha256), 'missing')
  assert.equal(await view.has(expectedOf(bytesOf('never', 1)).sha256), false)
})

test('the journal knows a file by path, size and whole milliseconds', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'homeroll-journal-'))
  const locations = await openLocations(join(folder, 'originals.sqlite'))
  t.after(async () => {
    await locations.close()
    await rm(folder, { recursive: true })
  })
  const journal = createSourceJournal(locations)
  const { sha256 } = expectedOf(bytesOf('a', 10))
  assert.equal(journal.lookup('/card/a.jpg', 10, 1234.9), null)
  journal.remember('/card/a.jpg', 10, 1234.5, sha256)
  assert.deepEqual(journal.lookup('/card/a.jpg', 10, 1234.9), sha256)
  assert.equal(journal.lookup('/card/a.jpg', 11, 1234.5), null)
  assert.equal(journal.lookup('/card/a.jpg', 10, 1235), null)
  assert.equal(journal.lookup('/card/b.jpg', 10, 1234.5), null)
  const next = expectedOf(bytesOf('b', 10)).sha256
  journal.remember('/card/a.jpg', 12, 5000, next)
  assert.equal(journal.lookup('/card/a.jpg', 10, 1234.5), null)
  assert.deepEqual(journal.lookup('/card/a.jpg', 12, 5000), next)
})
