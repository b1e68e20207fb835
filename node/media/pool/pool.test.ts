import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import sharp from 'sharp'
import type { Job } from './messages.ts'
import { createPool, type Pool } from './pool.ts'

const MIB = 1024 * 1024
let folder = ''
let small: Job<'render'>
let large: Job<'render'>

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'homeroll-pool-'))
  const write = async (name: string, edge: number): Promise<Job<'render'>> => {
    const path = join(folder, name)
    const noise = { type: 'gaussian' as const, mean: 128, sigma: 40 }
    await sharp({ create: { width: edge, height: edge, channels: 3, background: 'black', noise } })
      .png({ compressionLevel: 1 })
      .toFile(path)
    const source = { path, mime: 'image/png', fileTime: 0, ffmpeg: null, memoryLimit: 512 * MIB }
    return { kind: 'render', format: 'png', source }
  }
  small = await write('small.png', 64)
  large = await write('large.png', 4000)
})
after(() => rm(folder, { recursive: true }))

async function withPool(limits: Partial<Parameters<typeof createPool>[0]>, use: (pool: Pool) => Promise<void>) {
  const pool = createPool({ workers: 2, memoryBytes: 800 * MIB, idleMs: 60_000, ...limits })
  try {
    await use(pool)
  } finally {
    await pool.close()
  }
}

const patient = { timeoutMs: 60_000 }
const again = (job: Job<'render'>): Job<'render'> => ({ ...job })

/** Kills the first so many workers that appear. */
async function killWorkers(pool: Pool, count: number) {
  const killed = new Set<number>()
  while (killed.size < count) {
    for (const pid of pool.pids()) {
      if (killed.has(pid) || killed.size === count) continue
      killed.add(pid)
      process.kill(pid, 'SIGKILL')
    }
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

test('a job whose worker is killed is done by another worker', async () => {
  await withPool({ workers: 1 }, async pool => {
    const [outcome] = await Promise.all([pool.run(again(large), patient), killWorkers(pool, 1)])
    assert.equal(outcome.outcome, 'answered')
  })
})

test('a file that crashes two workers has died', async () => {
  await withPool({ workers: 1 }, async pool => {
    const [outcome] = await Promise.all([pool.run(again(large), patient), killWorkers(pool, 2)])
    assert.equal(outcome.outcome === 'died' && outcome.death, 'decoder-crashed')
  })
})

test('a file that ends two workers has died, and the next file is served', async () => {
  await withPool({ workers: 1 }, async pool => {
    const outcome = await pool.run(again(large), { timeoutMs: 1 })
    assert.deepEqual([outcome.outcome, outcome.outcome === 'died' && outcome.death], ['died', 'decoder-timeout'])
    const next = await pool.run(again(small), patient)
    assert.equal(next.outcome === 'answered' && next.value.outcome, 'rendered')
  })
})

test(
  'a worker over its memory limit is ended',
  { skip: process.platform !== 'linux' && 'memory is watched from outside on Linux only' },
  async () => {
    await withPool({ memoryBytes: 8 * MIB }, async pool => {
      const outcome = await pool.run(again(large), patient)
      assert.equal(outcome.outcome === 'died' && outcome.death, 'decoder-memory')
    })
  },
)

test('a second attempt runs alone', async () => {
  await withPool({ workers: 2 }, async pool => {
    const dying = pool.run(again(large), { timeoutMs: 1 })
    const others = await Promise.all(Array.from({ length: 6 }, () => pool.run(again(small), patient)))
    assert.ok(others.every(one => one.outcome === 'answered'))
    assert.equal((await dying).outcome, 'died')
  })
})

test('jobs are cancelled while they wait and while they run', async () => {
  await withPool({ workers: 1 }, async pool => {
    const control = new AbortController()
    const running = pool.run(again(large), { ...patient, signal: control.signal })
    const waiting = pool.run(again(small), { ...patient, signal: control.signal })
    const unconcerned = pool.run(again(small), patient)
    const refused = Promise.all([running, waiting].map(job => assert.rejects(job, /enough/)))
    setTimeout(() => control.abort(new Error('enough')), 50)
    await refused
    assert.equal((await unconcerned).outcome, 'answered')
    await assert.rejects(pool.run(again(small), { ...patient, signal: control.signal }), /enough/)
  })
})

test('workers start with work and end without', async () => {
  await withPool({ idleMs: 30 }, async pool => {
    assert.deepEqual(pool.pids(), [])
    await pool.run(again(small), patient)
    while (pool.pids().length > 0) await new Promise(resolve => setTimeout(resolve, 20))
    assert.equal((await pool.run(again(small), patient)).outcome, 'answered')
  })
})

test('a fault of the machine rejects and is not blamed on the file', async () => {
  await withPool({}, async pool => {
    const gone = { ...small, source: { ...small.source, path: join(folder, 'gone.png') } }
    await assert.rejects(pool.run(gone, patient), { code: 'enoent' })
    await assert.rejects(pool.run({ ...small, format: 'never-heard-of' }, patient), { code: 'no-such-format' })
  })
})

test('closing ends everything that waits or runs', async () => {
  const pool = createPool({ workers: 1, memoryBytes: 800 * MIB, idleMs: 60_000 })
  const jobs = [pool.run(again(large), patient), pool.run(again(small), patient)]
  const refused = Promise.all(jobs.map(job => assert.rejects(job, { code: 'media-closed' })))
  await pool.close()
  await refused
  await assert.rejects(pool.run(again(small), patient), { code: 'media-closed' })
})
