import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HomerollError } from '../../shared/errors/index.ts'
import { assetIdOf } from '../../shared/ids/index.ts'
import type { Facts, Operation } from '../../shared/schema/index.ts'
import { createRenditionQueue, type JobOutcome, type RenditionJob } from './index.ts'
import type { RenditionParts } from './rendition-queue.ts'

const picture = { bytes: new Uint8Array(8), mime: 'image/webp', width: 2, height: 2 }
const sha256Of = (n: number) => new Uint8Array(32).map((_, i) => (n >> ((i % 4) * 8)) & 0xff)
const jobOf = (n: number, urgent = false): RenditionJob => ({
  asset: assetIdOf(sha256Of(n)),
  sha256: sha256Of(n),
  takenAt: '2024-01-01T00:00:00',
  lacks: 'renditions',
  urgent,
})
const diskFull = () => new HomerollError('disk-full', 'the disk is full', { status: 507 })

/** A queue whose catalogue, drive and decoder are all in this object, to be bent by a test. */
function makeQueue(bend: Partial<RenditionParts> = {}) {
  const ready = new Map<string, JobOutcome['outcome']>()
  const packs: number[] = []
  const commits: Operation[][] = []
  const lacking: RenditionJob[] = []
  const parts: RenditionParts = {
    width: 3,
    device: 'd'.repeat(64),
    retryMs: 1,
    pathOf: async () => '/photo.jpg',
    media: {
      identify: async () => ({
        outcome: 'known',
        identified: { format: 'jpeg', mime: 'image/jpeg', type: 'photo' },
      }),
      facts: async () => ({ facts: { takenAt: '2024-01-01T00:00:00' } as Facts, version: 2 }),
      render: async () => ({
        outcome: 'rendered',
        width: 2,
        height: 2,
        durationMs: null,
        thumbhash: new Uint8Array(3),
        thumbnail: picture,
        preview: picture,
      }),
    },
    drive: {
      async putPack(pieces) {
        packs.push(pieces.length)
        return pieces.map((_, i) => ({ pack: `p${packs.length}`, offset: i, length: 8 }))
      },
    },
    thumbnails: { put: () => undefined },
    commit: async operations => void commits.push(operations),
    async missing(limit, after) {
      const at = after === null ? 0 : Number(after)
      const jobs = lacking.slice(at, at + limit).filter(job => ready.get(job.asset) !== 'ready')
      return { jobs, next: at + limit < lacking.length ? String(at + limit) : null }
    },
    ...bend,
  }
  const queue = createRenditionQueue(parts)
  queue.onDone((asset, { outcome }) => ready.set(asset, outcome))
  const done = (count: number) => until(() => ready.size >= count && idle())
  const idle = () => queue.counts().pending + queue.counts().running === 0 && !queue.counts().looking
  return { queue, ready, packs, commits, lacking, done, idle }
}

async function until(reached: () => boolean): Promise<void> {
  for (let i = 0; i < 2000; i++) {
    if (reached()) return
    await new Promise(resolve => setTimeout(resolve, 5))
  }
  throw new Error('not within ten seconds')
}

test('what is made together is written together: two packs and one commit for sixteen assets', async () => {
  const { queue, packs, commits, done } = makeQueue()
  for (let n = 1; n <= 20; n++) queue.add(jobOf(n))
  await done(20)
  assert.deepEqual(packs, [16, 16, 4, 4])
  assert.equal(commits.length, 2)
  assert.equal(commits.flat().filter(({ kind }) => kind === 'asset.renditions').length, 20)
  await queue.close()
})

test('on a full disk it waits, says so, and goes on without writing a pack twice', async () => {
  let full = true
  let tries = 0
  const { queue, packs, done } = makeQueue({
    async commit() {
      tries++
      if (full) throw diskFull()
    },
  })
  queue.add(jobOf(1))
  await until(() => tries > 3)
  assert.match(queue.waitingFor() ?? '', /full/)
  assert.equal(queue.counts().pending, 1)
  full = false
  await done(1)
  assert.equal(queue.waitingFor(), null)
  assert.deepEqual(packs, [1, 1], 'one of thumbnails, one of previews')
  await queue.close()
})

test('when room ends between the two packs, the first is not written again', async () => {
  const sizes: string[] = []
  const { queue, done } = makeQueue({
    drive: {
      async putPack(pieces) {
        sizes.push(sizes.length === 1 ? 'full' : 'written')
        if (sizes.length === 2) throw diskFull()
        return pieces.map((_, i) => ({ pack: 'p', offset: i, length: 8 }))
      },
    },
  })
  queue.add(jobOf(1))
  await done(1)
  assert.deepEqual(sizes, ['written', 'full', 'written'])
  await queue.close()
})

test('an asset whose operations the log refuses holds up none of the others', async () => {
  const bad = jobOf(2).asset
  const committed: string[] = []
  const { queue, ready, packs, done } = makeQueue({
    async commit(operations) {
      if (operations.some(operation => 'asset' in operation && operation.asset === bad)) throw new Error('misshapen')
      committed.push(...operations.flatMap(operation => ('asset' in operation ? [operation.asset] : [])))
    },
  })
  process.once('warning', () => undefined)
  for (const n of [1, 2, 3]) queue.add(jobOf(n))
  await done(3)
  assert.deepEqual(
    [1, 2, 3].map(n => ready.get(jobOf(n).asset)),
    ['ready', 'away', 'ready'],
  )
  assert.deepEqual(new Set(committed), new Set([jobOf(1).asset, jobOf(3).asset]))
  assert.deepEqual(packs, [3, 3])
  await queue.close()
})

test('more jobs than it keeps in memory are found again in the catalogue, page by page', async () => {
  const { queue, ready, lacking, done } = makeQueue({ width: 8 })
  for (let n = 1; n <= 2600; n++) lacking.push(jobOf(n))
  for (const job of lacking) queue.add({ ...job, urgent: true })
  await done(2600)
  assert.equal([...ready.values()].filter(outcome => outcome === 'ready').length, 2600)
  await queue.close()
})

test('asking again while an answer is under way is not forgotten when the answer comes', async () => {
  let answer: (page: { jobs: RenditionJob[]; next: null }) => void = () => undefined
  const questions: (string | null)[] = []
  const { queue, done } = makeQueue({
    missing: (_, after) => {
      questions.push(after)
      if (questions.length > 1) return Promise.resolve({ jobs: [jobOf(7)], next: null })
      return new Promise(resolve => (answer = resolve))
    },
  })
  const first = queue.resume()
  const second = queue.resume()
  answer({ jobs: [], next: null })
  await Promise.all([first, second])
  assert.deepEqual(questions, [null, null])
  await done(1)
  await queue.close()
})

test('a failed question is asked again: idle neither comes early nor never', async () => {
  let fail = true
  const { queue, idle, done } = makeQueue({
    async missing() {
      if (fail) {
        fail = false
        throw new Error('not now')
      }
      return { jobs: [jobOf(3)], next: null }
    },
  })
  const resumed = queue.resume()
  assert.equal(idle(), false)
  await resumed
  await done(1)
  await queue.close()
})

test('an original that is away is put aside, and taken up when it is looked for again', async () => {
  let path: string | null = null
  const { queue, ready, lacking, done } = makeQueue({ pathOf: async () => path })
  lacking.push(jobOf(1))
  await queue.resume()
  await done(1)
  assert.equal(ready.get(jobOf(1).asset), 'away')
  assert.deepEqual(queue.counts(), { pending: 0, running: 0, failed: 1, looking: false })
  path = '/back.jpg'
  await queue.resume()
  await until(() => ready.get(jobOf(1).asset) === 'ready')
  assert.equal(queue.counts().failed, 0)
  await queue.close()
})

test('a damaged original is said to be so, unless it went away while it was decoded', async () => {
  const paths = ['/a', '/a', '/b', null]
  const { queue, ready, commits, done } = makeQueue({
    width: 1,
    pathOf: async () => paths.shift() ?? null,
    media: {
      identify: async () => ({ outcome: 'known', identified: { format: 'jpeg', mime: 'image/jpeg', type: 'photo' } }),
      facts: async () => ({ facts: {} as Facts, version: 2 }),
      render: async () => ({ outcome: 'damaged', code: 'truncated', message: 'cut short' }),
    },
  })
  queue.add(jobOf(1))
  queue.add(jobOf(2))
  await done(2)
  assert.deepEqual([ready.get(jobOf(1).asset), ready.get(jobOf(2).asset)], ['damaged', 'away'])
  assert.deepEqual(commits.flat().filter(({ kind }) => kind === 'asset.damaged').length, 1)
  await queue.close()
})

test('closing while one is decoded and one waits to be written: the made one is written, nothing is waited for', async () => {
  let renders = 0
  const { queue, commits } = makeQueue({
    width: 2,
    media: {
      identify: async () => ({ outcome: 'known', identified: { format: 'jpeg', mime: 'image/jpeg', type: 'photo' } }),
      facts: async () => ({ facts: {} as Facts, version: 2 }),
      render: (_path, _identified, signal) =>
        ++renders === 1
          ? Promise.resolve({ outcome: 'damaged', code: 'x', message: 'y' })
          : new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error))),
    },
  })
  queue.add(jobOf(1))
  queue.add(jobOf(2))
  await until(() => renders === 2)
  await new Promise(resolve => setTimeout(resolve, 20))
  await queue.close()
  assert.equal(commits.length, 1)
  queue.add(jobOf(3))
  assert.equal(renders, 2, 'nothing new is begun')
})
