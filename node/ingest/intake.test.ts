import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { HomerollError } from '../../shared/errors/index.ts'
import { assetIdOf, toHex } from '../../shared/ids/index.ts'
import type { Facts, Operation } from '../../shared/schema/index.ts'
import type { OriginalStore } from '../originals/index.ts'
import { createIntake, type IntakeRequest, type Known, type NewAsset } from './intake.ts'

const folder = mkdtempSync(join(tmpdir(), 'homeroll-intake-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const sha256 = (bytes: string | Buffer) => new Uint8Array(createHash('sha256').update(bytes).digest())
function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

/** A device of plain sets: what is stored and what the catalogue knows. */
function device() {
  const stored = new Set<string>()
  const known = new Map<string, Known>()
  const operations: Operation[] = []
  const fresh: NewAsset[] = []
  const at = new Map<string, Uint8Array>()
  const faults: { put: unknown; commit: unknown } = { put: null, commit: null }
  let puts = 0
  const store = {
    async put(source: { path: string }, expected: { sha256: Uint8Array }) {
      puts++
      await new Promise(resolve => setTimeout(resolve, 5))
      if (faults.put) throw faults.put as Error
      if (toHex(sha256(readFileSync(source.path))) !== toHex(expected.sha256))
        return { outcome: 'mismatch', message: '' }
      stored.add(toHex(expected.sha256))
      at.set(source.path, expected.sha256)
      return { outcome: 'stored', path: null }
    },
  } as unknown as OriginalStore
  const intake = createIntake({
    media: {
      identify: async path =>
        readFileSync(path, 'utf8').startsWith('text')
          ? { outcome: 'unknown' }
          : { outcome: 'known', identified: { format: 'jpeg', mime: 'image/jpeg', type: 'photo' } },
      firstView: async () => ({ facts: { takenAt: '2020-02-02T02:02:02' } as Facts, standIn: null }),
    },
    async hash(path) {
      const bytes = readFileSync(path)
      return { outcome: 'hashed', sha256: sha256(bytes), sha1: new Uint8Array(20), bytes: bytes.length, modifiedMs: 0 }
    },
    thumbnails: { put: () => undefined },
    held: async content => stored.has(toHex(content)),
    known: async content => known.get(content) ?? null,
    referredTo: path => at.get(path) ?? null,
    async commit(some) {
      if (faults.commit) throw faults.commit as Error
      operations.push(...some)
      for (const operation of some) {
        if (operation.kind === 'asset.added') {
          known.set(operation.sha256, { state: 'pending', problem: null, held: true })
        }
      }
    },
    onNew: asset => fresh.push(asset),
  })
  const request = (path: string, rest: Partial<IntakeRequest> = {}): IntakeRequest => ({
    path,
    shownPath: path,
    fileName: 'photo.jpg',
    fileTime: 0,
    store,
    byReference: false,
    consume: false,
    ...rest,
  })
  return { intake, request, stored, known, operations, fresh, faults, puts: () => puts }
}
const kinds = (operations: Operation[]) => operations.map(({ kind }) => kind)

test('a new file is stored before it is logged, and logged before it is acknowledged', async () => {
  const { intake, request, operations, fresh, stored, faults } = device()
  const path = file('new.jpg', 'one')
  faults.put = new HomerollError('disk-full', 'full')
  await assert.rejects(intake.take(request(path)), { code: 'disk-full' })
  assert.deepEqual(operations, [])
  faults.put = null
  faults.commit = new HomerollError('index-behind', 'later')
  await assert.rejects(intake.take(request(path)), { code: 'index-behind' })
  assert.deepEqual([stored.size, fresh.length], [1, 0])
  faults.commit = null
  assert.equal((await intake.take(request(path))).outcome, 'imported')
  assert.deepEqual(kinds(operations), ['asset.added', 'asset.facts', 'original.custody'])
  assert.equal(fresh.length, 1)
})

test('equal contents that come at once are stored and logged once', async () => {
  const { intake, request, operations, puts } = device()
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, i) => intake.take(request(file(`same-${i}.jpg`, 'same')))),
  )
  assert.equal(outcomes.filter(({ outcome }) => outcome === 'imported').length, 1)
  assert.equal(outcomes.filter(({ outcome }) => outcome === 'duplicate').length, 19)
  assert.equal(puts(), 1)
  assert.equal(kinds(operations).filter(kind => kind === 'asset.added').length, 1)
})

test('when the first of two equal files fails, the second is taken in', async () => {
  const { intake, request, faults } = device()
  faults.put = new HomerollError('source-missing', 'gone')
  const first = intake.take(request(file('first.jpg', 'equal')))
  const second = intake.take(request(file('second.jpg', 'equal')))
  const one = await first
  assert.deepEqual([one.outcome, one.outcome === 'failed' && one.code], ['failed', 'disappeared'])
  faults.put = null
  assert.equal(
    (await second).outcome === 'failed' ? (await intake.take(request(file('third.jpg', 'equal')))).outcome : 'imported',
    'imported',
  )
})

test('bad files are refused with a reason that names them, and nothing is stored', async () => {
  const { intake, request, stored } = device()
  const reasons = []
  for (const path of [file('empty.jpg', ''), file('text.jpg', 'text'), join(folder, 'nowhere.jpg'), folder]) {
    const outcome = await intake.take(request(path))
    assert.equal(outcome.outcome, 'failed', path)
    if (outcome.outcome !== 'failed') continue
    assert.ok(outcome.message.includes(path))
    reasons.push(outcome.code)
  }
  assert.deepEqual(reasons, ['empty', 'unsupported', 'disappeared', 'eisdir'])
  assert.equal(stored.size, 0)
})

test('a duplicate of a damaged original is told with its reason; one believed missing is told to be held', async () => {
  const { intake, request, known, stored, operations } = device()
  const path = file('known.jpg', 'known')
  const key = toHex(sha256('known'))
  stored.add(key)
  known.set(key, { state: 'damaged', problem: { code: 'truncated', message: 'cut short' }, held: true })
  const damaged = await intake.take(request(path))
  assert.deepEqual(damaged, { outcome: 'failed', code: 'truncated', message: `${path}: cut short` })
  assert.deepEqual(operations, [])
  known.set(key, { state: 'ready', problem: null, held: false })
  assert.equal((await intake.take(request(path))).outcome, 'duplicate')
  assert.deepEqual(operations, [{ kind: 'original.custody', asset: assetIdOf(sha256('known')), state: 'held' }])
})

test('a known asset whose original was lost is stored again, and gets the renditions that it lacks', async () => {
  const { intake, request, known, stored, fresh } = device()
  known.set(toHex(sha256('lost')), { state: 'pending', problem: null, held: false })
  assert.equal((await intake.take(request(file('lost.jpg', 'lost')))).outcome, 'duplicate')
  assert.equal(stored.size, 1)
  assert.equal(fresh.length, 1)
})

test('a file that is edited in place becomes a new asset, and the old content is told to be gone', async () => {
  const { intake, request, stored, operations } = device()
  const path = file('edited.jpg', 'before')
  await intake.take(request(path, { byReference: true }))
  file('edited.jpg', 'after')
  stored.delete(toHex(sha256('before')))
  operations.length = 0
  assert.equal((await intake.take(request(path, { byReference: true }))).outcome, 'imported')
  assert.deepEqual(operations[0], { kind: 'original.custody', asset: assetIdOf(sha256('before')), state: 'absent' })
})
