import assert from 'node:assert/strict'
import {
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
  closeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, test } from 'node:test'
import type { Operation } from '../../shared/schema/index.ts'
import { createMemoryLogs, packFrames } from '../log/index.ts'
import { createCatalogue } from '../catalogue/index.ts'
import { openIndex, type AssetIndex } from './index.ts'

const now = () => 1_780_000_000_000
const ownDevice = 'own'
const sha256Of = (n: number) => (n + 1).toString(16).padStart(4, '0').repeat(16)
const idOf = (n: number) => sha256Of(n).slice(0, 32)
const day = (n: number) => `2024-07-${String(1 + (n % 28)).padStart(2, '0')}T10:00:00`

function imported(n: number): Operation[] {
  return [
    {
      kind: 'asset.added',
      sha256: sha256Of(n),
      sha1: '11'.repeat(20),
      bytes: 1000,
      mime: 'image/jpeg',
      type: 'photo',
      fileName: `IMG_${n}.jpg`,
    },
    { kind: 'asset.set', asset: idOf(n), change: { field: 'takenAt', value: day(n) } },
    { kind: 'original.custody', asset: idOf(n), state: 'held' },
  ]
}

describe('the index in its threads', () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'homeroll-index-'))
  })
  const opened: AssetIndex[] = []
  after(async () => {
    // After a failure, threads still open would keep the process.
    await Promise.allSettled(opened.map(index => index.close()))
    rmSync(folder, { recursive: true })
  })

  async function open(name: string): Promise<AssetIndex> {
    const index = await openIndex({ file: join(folder, name), ownDevice, renditionVersion: 1, factsVersion: 2 })
    opened.push(index)
    return index
  }

  async function filled(name: string, assets: number) {
    const index = await open(name)
    const logs = createMemoryLogs(ownDevice)
    const catalogue = createCatalogue({ logs, projection: index, pack: packFrames, now })
    await catalogue.commit(Array.from({ length: assets }, (_, n) => imported(n)).flat())
    return { index, logs, catalogue }
  }

  async function dumpOf(index: AssetIndex): Promise<string[]> {
    const lines: string[] = []
    for await (const line of index.dump()) lines.push(line)
    return lines
  }

  test('what was committed is there after closing and opening, and rebuilding comes to the same', async () => {
    const { index, logs } = await filled('again.sqlite', 30)
    const before = await dumpOf(index)
    await index.close()
    const again = await open('again.sqlite')
    assert.deepEqual(await dumpOf(again), before)
    assert.deepEqual(await again.positions(), { own: 1 })
    const catalogue = createCatalogue({ logs, projection: again, pack: packFrames, now })
    await catalogue.rebuild()
    assert.deepEqual(await dumpOf(again), before)
    assert.equal((await again.asset(idOf(3)))?.fileName, 'IMG_3.jpg')
    await again.close()
  })

  test('a file that is damaged, cut or of another layout starts empty and fills again', async () => {
    const spoil: Record<string, (file: string) => void> = {
      'noise.sqlite': file => writeFileSync(file, 'this is no database, and long enough to look like one'.repeat(100)),
      'empty.sqlite': file => truncateSync(file, 0),
      'cut.sqlite': file => truncateSync(file, Math.floor(statSync(file).size / 8192) * 4096),
      'older.sqlite': file => {
        const db = new DatabaseSync(file)
        db.exec('PRAGMA user_version = 0')
        db.close()
      },
      'tableless.sqlite': file => {
        const db = new DatabaseSync(file)
        db.exec('DROP TABLE bucket')
        db.close()
      },
    }
    for (const [name, spoilt] of Object.entries(spoil)) {
      const { index, logs } = await filled(name, 50)
      const before = await dumpOf(index)
      await index.close()
      spoilt(join(folder, name))
      const anew = await open(name)
      assert.deepEqual(await anew.positions(), {}, name)
      await createCatalogue({ logs, projection: anew, pack: packFrames, now }).catchUp()
      assert.deepEqual(await dumpOf(anew), before, name)
      await anew.close()
    }
  })

  test('damage found while reading says so, and rebuilding mends it', async () => {
    const { index, logs } = await filled('rot.sqlite', 2000)
    const before = await dumpOf(index)
    await index.close()
    const file = join(folder, 'rot.sqlite')
    // A page in the middle of the assets, which opening does not look at.
    const page = Math.floor(readFileSync(file).indexOf('"IMG_1000.jpg"') / 4096)
    assert.ok(page > 0)
    const at = openSync(file, 'r+')
    writeSync(at, Buffer.alloc(4096, 0xa5), 0, 4096, page * 4096)
    closeSync(at)
    const rotten = await open('rot.sqlite')
    assert.deepEqual(await rotten.positions(), { own: 60 })
    await assert.rejects(dumpOf(rotten), { code: 'index-damaged' })
    const catalogue = createCatalogue({ logs, projection: rotten, pack: packFrames, now })
    await catalogue.rebuild()
    assert.deepEqual(await dumpOf(rotten), before)
    assert.equal((await rotten.totals()).assets, 2000)
    await rotten.close()
  })

  test('somebody else’s database is left alone', async () => {
    for (const id of [0, 12345]) {
      const file = join(folder, `foreign-${id}.sqlite`)
      const db = new DatabaseSync(file)
      db.exec(`PRAGMA application_id = ${id}; CREATE TABLE precious (x); INSERT INTO precious VALUES (1)`)
      db.close()
      const bytes = readFileSync(file)
      await assert.rejects(open(`foreign-${id}.sqlite`), { code: 'not-an-index' })
      assert.deepEqual(readFileSync(file), bytes)
    }
  })

  test('lists come in pages that neither miss nor repeat', async () => {
    const { index } = await filled('pages.sqlite', 57)
    const expected = Array.from({ length: 57 }, (_, n) => ({ id: idOf(n), taken: day(n) }))
    const newest = [...expected].sort((a, b) => (a.taken + a.id < b.taken + b.id ? 1 : -1)).map(({ id }) => id)
    const lacking: string[] = []
    const lines: string[] = []
    let next: string | null = null
    do {
      const page = await index.withoutRenditions(10, next)
      lacking.push(...page.entries.map(({ id }) => id))
      next = page.next
    } while (next)
    assert.deepEqual(lacking, newest)
    do {
      const page = await index.assetLines('all', next, 10)
      lines.push(...Buffer.from(page.lines).toString().split('\n').filter(Boolean))
      next = page.next
    } while (next)
    assert.deepEqual(
      lines.map(line => (JSON.parse(line) as { id: string }).id),
      newest,
    )
    const held: string[] = []
    do {
      const page = await index.heldBy(ownDevice, 19, next)
      held.push(...page.entries.map(({ id }) => id))
      next = page.next
    } while (next)
    assert.deepEqual(
      held,
      expected.map(({ id }) => id),
    )
    await assert.rejects(index.assetLines('all', "' OR 1", 10), { code: 'bad-cursor' })
    await index.close()
  })

  test('damaged assets are listed, those that came last first, and no text passes for damage', async () => {
    const { index, catalogue } = await filled('damaged.sqlite', 12)
    const hurt = (n: number): Operation => ({
      kind: 'asset.damaged',
      asset: idOf(n),
      version: 1,
      code: 'truncated',
      message: 'it ends early',
    })
    const caption: Operation = {
      kind: 'asset.set',
      asset: idOf(5),
      change: { field: 'caption', value: '"d":[1,2]' },
    }
    await catalogue.commit([hurt(2), hurt(9), hurt(4), caption])
    const first = await index.damaged(2, null)
    assert.deepEqual(
      first.entries.map(({ id, problem }) => [id, problem]),
      [9, 4].map(n => [idOf(n), { code: 'truncated', message: 'it ends early' }]),
    )
    const rest = await index.damaged(2, first.next)
    assert.deepEqual(
      rest.entries.map(({ id }) => id),
      [idOf(2)],
    )
    assert.equal(rest.next, null)
    await index.close()
  })

  test('originals are known by their whole hash', async () => {
    const { index } = await filled('known.sqlite', 3)
    const alike = sha256Of(1).slice(0, 32) + 'ff'.repeat(16)
    const [known, ...unknown] = await index.bySha256s([sha256Of(1), alike, 'nonsense', 'ab'.repeat(32)])
    assert.deepEqual(known, { id: idOf(1), state: 'pending', problem: null, held: true, trashed: false })
    assert.deepEqual(unknown, [null, null, null])
    assert.deepEqual(await index.unknownIds([idOf(0), 'ab'.repeat(16), 'x']), ['ab'.repeat(16), 'x'])
    await index.close()
  })

  test('reads go on while a rebuild runs', async () => {
    const { index, catalogue } = await filled('busy.sqlite', 2000)
    const rebuilding = catalogue.rebuild()
    let done = false
    void rebuilding.then(() => (done = true))
    while (!done) {
      const { total } = JSON.parse(Buffer.from(await index.timeline('all')).toString()) as { total: number }
      assert.ok(total >= 0 && total <= 2000)
    }
    assert.equal((await index.totals()).assets, 2000)
    await index.close()
  })
})
