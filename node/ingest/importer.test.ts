import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { after, test } from 'node:test'
import { HomerollError } from '../../shared/errors/index.ts'
import type { OriginalStore } from '../originals/index.ts'
import { createImporter, type Importer } from './importer.ts'
import type { IntakeOutcome } from './intake.ts'
import { openLedger, type Ledger } from './ledger.ts'

const root = mkdtempSync(join(tmpdir(), 'homeroll-importer-'))
after(() => rmSync(root, { recursive: true, force: true }))

function folderOf(name: string, files: number): string {
  const folder = join(root, name)
  mkdirSync(folder, { recursive: true })
  for (let i = 0; i < files; i++) {
    const path = join(folder, `${String(i).padStart(3, '0')}.jpg`)
    writeFileSync(path, 'x')
    utimesSync(path, new Date(2020, 1, 1), new Date(2020, 1, 1))
  }
  return folder
}

type Take = (path: string, signal?: AbortSignal) => Promise<IntakeOutcome> | IntakeOutcome
const imported = (path: string): IntakeOutcome => ({
  outcome: 'imported',
  asset: Buffer.from(basename(path).padEnd(16)).toString('hex').slice(0, 32),
  sha256: new Uint8Array(32),
})

function make(take: Take, ledger: Ledger = openLedger(':memory:')): { importer: Importer; ledger: Ledger } {
  const importer = createImporter({
    ledger,
    intake: { take: async (request, signal) => take(request.path, signal) },
    copies: {} as OriginalStore,
    references: {} as OriginalStore,
    recall: async files => files.map(() => null),
    remember: () => undefined,
    states: async () => [],
    avoid: [],
    now: Date.now,
    onProgress: () => undefined,
  } as Parameters<typeof createImporter>[0])
  return { importer, ledger }
}
const nap = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))
async function until(reached: () => boolean): Promise<void> {
  for (let i = 0; i < 1000 && !reached(); i++) await nap(10)
  assert.ok(reached(), 'not within ten seconds')
}

test('it ends when its pictures are made, and not before', async () => {
  const assets: string[] = []
  const { importer } = make(path => {
    const outcome = imported(path)
    if (outcome.outcome === 'imported') assets.push(outcome.asset)
    return outcome
  })
  const { id } = await importer.start([folderOf('pictures', 3)], { inPlace: false })
  await until(() => importer.get(id)?.files.done === 3)
  assert.equal(importer.active(), 1)
  const [first, second, third] = assets as [string, string, string]
  importer.rendered(first, null)
  importer.rendered(first, null)
  importer.rendered(second, { code: 'damaged', message: 'cut' })
  assert.equal(importer.active(), 1, 'told twice of one counts once')
  importer.rendered(third, null)
  const end = await importer.finished(id)
  assert.equal(end?.state, 'done')
  assert.deepEqual(end.files, { found: 3, done: 3, imported: 2, duplicates: 0, failed: 1, rendered: 3 })
  await importer.close()
})

test('a path named twice, and a file named beside its folder, are taken in once and hold nothing up', async () => {
  const seen: string[] = []
  const folder = folderOf('twice', 4)
  const { importer } = make(async path => {
    seen.push(path)
    await nap(5)
    return imported(path)
  })
  const file = join(folder, '001.jpg')
  const { id } = await importer.start([file, file, folder, folder, file], { inPlace: false })
  await until(() => importer.get(id)?.files.done === 4)
  for (const path of seen) importer.rendered((imported(path) as { asset: string }).asset, null)
  const end = await importer.finished(id)
  assert.equal(seen.length, 4)
  assert.deepEqual([end?.files.found, end?.files.imported, end?.files.duplicates], [4, 4, 0])
  await importer.close()
})

test('a stopped import ends only when nothing is under way, and goes on without counting twice', async () => {
  const release: (() => void)[] = []
  let taken = 0
  const { importer } = make(async path => {
    taken++
    await new Promise<void>(resolve => release.push(resolve))
    return { ...imported(path), outcome: 'duplicate' } as IntakeOutcome
  })
  const { id } = await importer.start([folderOf('stopped', 20)], { inPlace: false })
  await until(() => taken === 6)
  importer.stop(id)
  let ended = false
  const end = importer.finished(id).then(() => (ended = true))
  release.pop()?.()
  await nap(20)
  assert.equal(ended, false, 'five are still being taken in')
  for (const go of release.splice(0)) go()
  await end
  assert.equal(importer.get(id)?.state, 'stopped')
  assert.equal(importer.get(id)?.files.done, 6)

  importer.resume(id)
  importer.resume(id)
  const pump = setInterval(() => release.splice(0).forEach(go => go()), 1)
  const done = await importer.finished(id)
  clearInterval(pump)
  assert.equal(taken, 20)
  assert.deepEqual([done?.state, done?.files.done, done?.files.duplicates], ['done', 20, 20])
  await importer.close()
})

test('stopped again before the first stop came to its end, it stays stopped', async () => {
  let release: () => void = () => undefined
  const { importer, ledger } = make(async path => {
    await new Promise<void>(resolve => (release = resolve))
    return imported(path)
  })
  const { id } = await importer.start([folderOf('again', 1)], { inPlace: false })
  await nap(20)
  importer.stop(id)
  importer.resume(id)
  importer.stop(id)
  release()
  await importer.finished(id)
  await nap(10)
  assert.equal(importer.active(), 0)
  assert.equal(ledger.imports()[0]?.state, 'stopped')
  await importer.close()
})

test('on a full disk it waits with a reason, blames no photo, and can be stopped while it waits', async () => {
  const { importer } = make(() => {
    throw new HomerollError('disk-full', 'the disk is full')
  })
  const { id } = await importer.start([folderOf('full', 2)], { inPlace: false })
  await until(() => importer.get(id)?.state === 'waiting')
  assert.equal(importer.get(id)?.reason, 'the disk is full')
  assert.equal(importer.get(id)?.files.failed, 0)
  importer.stop(id)
  assert.equal((await importer.finished(id))?.state, 'stopped')
  await importer.close()
})

test('a ledger that meets a full disk neither ends the node nor loses count', async () => {
  const ledger = openLedger(':memory:')
  let full = 2
  const record = ledger.record.bind(ledger)
  ledger.record = (id, file) => {
    if (full-- > 0) throw new HomerollError('disk-full', 'the disk is full')
    record(id, file)
  }
  const { importer } = make(path => ({ ...imported(path), outcome: 'duplicate' }) as IntakeOutcome, ledger)
  const { id } = await importer.start([folderOf('ledger', 3)], { inPlace: false })
  const end = await importer.finished(id)
  assert.deepEqual([end?.state, end?.files.duplicates, end?.files.failed], ['done', 3, 0])
  await importer.close()
})

test('after a kill what was open goes on, what a person stopped waits, and quiet ones are forgotten', async () => {
  const ledger = openLedger(':memory:')
  const paths = [folderOf('killed', 2)]
  for (const [id, quiet] of [
    ['open', false],
    ['stopped', false],
    ['quiet', true],
  ] as const) {
    ledger.begin({ id, paths, inPlace: false, quiet, startedAt: `2024-01-01T00:00:00Z` })
  }
  ledger.setState('stopped', 'stopped', null)
  ledger.record('open', {
    path: join(paths[0] as string, '000.jpg'),
    outcome: 'duplicate',
    bytes: 1,
    asset: 'a',
    code: null,
    message: null,
  })
  const seen: string[] = []
  const { importer } = make(path => {
    seen.push(basename(path))
    return { ...imported(path), outcome: 'duplicate' } as IntakeOutcome
  }, ledger)
  importer.resumeAll()
  const end = await importer.finished('open')
  assert.deepEqual(seen, ['001.jpg'])
  assert.equal(end?.files.duplicates, 2)
  assert.deepEqual(
    importer
      .list()
      .map(({ id, state }) => [id, state])
      .sort(),
    [
      ['open', 'done'],
      ['stopped', 'stopped'],
    ],
  )
  await importer.close()
})

test('what a watched folder brings does not wait for pictures, and leaves nothing behind', async () => {
  const { importer, ledger } = make(imported)
  const { id } = await importer.start([folderOf('quiet', 2)], { inPlace: true, quiet: true })
  assert.equal((await importer.finished(id))?.files.imported, 2)
  await nap(5)
  assert.deepEqual(ledger.imports(), [])
  assert.equal(importer.get(id), null)
  await importer.close()
})

test('closed, it takes nothing new', async () => {
  const { importer } = make(imported)
  await importer.close()
  await assert.rejects(importer.start([root], { inPlace: false }), { code: 'closing' })
})
