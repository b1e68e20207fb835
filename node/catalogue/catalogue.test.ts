import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { HomerollError } from '../../shared/errors/index.ts'
import type { Operation } from '../../shared/schema/index.ts'
import { createMemoryProjection } from '../../tests/helpers/memory-projection.ts'
import { createMemoryLogs, decodeFrame, packFrames, type Log } from '../log/index.ts'
import { createCatalogue, type Changes } from './index.ts'

const name = (text: string, id = 'x'): Operation => ({ kind: 'name.set', of: 'household', id, name: text })
const added = (n: number): Operation => ({
  kind: 'asset.added',
  sha256: n.toString(16).padStart(64, '0').split('').reverse().join(''),
  sha1: '11'.repeat(20),
  bytes: 1,
  mime: 'image/jpeg',
  type: 'photo',
  fileName: 'a.jpg',
})

function open(options: { now?: () => number; hasRoom?: () => boolean } = {}) {
  const logs = createMemoryLogs('own', { hasRoom: options.hasRoom ?? (() => true) })
  const memory = createMemoryProjection('own', decodeFrame)
  const now = options.now ?? (() => 1_780_000_000_000)
  const projection = { ...memory.projection }
  const catalogue = createCatalogue({ logs, projection, pack: packFrames, now })
  return { logs, memory, projection, catalogue, now }
}

async function stampsOf(log: Log): Promise<number[]> {
  const stamps: number[] = []
  for await (const { block } of log.read()) {
    const decoded = decodeFrame(block)
    assert.equal(decoded.outcome, 'frame')
    if (decoded.outcome === 'frame') stamps.push(...decoded.frame.ops.map((_, i) => decoded.frame.hlc + i))
  }
  return stamps
}

describe('committing', () => {
  test('shows at once what it resolved, and tells the listeners', async () => {
    const { catalogue, memory } = open()
    const heard: Changes[] = []
    catalogue.onChanges(changes => heard.push(changes))
    await catalogue.commit([added(1), name('Rossi')])
    assert.ok(memory.dump().some(line => line.includes('Rossi')))
    assert.equal(heard.flatMap(({ assets }) => assets).length, 1)
  })

  test('calls that come together share one append, each operation with a stamp of its own', async () => {
    const { catalogue, logs } = open()
    let appends = 0
    const append = logs.own.append.bind(logs.own)
    logs.own.append = blocks => {
      appends++
      return append(blocks)
    }
    await Promise.all(Array.from({ length: 250 }, (_, i) => catalogue.commit([added(i)])))
    assert.equal(appends, 1)
    assert.equal(logs.own.length, 3)
    const stamps = await stampsOf(logs.own)
    assert.equal(new Set(stamps).size, 250)
    assert.deepEqual(
      stamps,
      [...stamps].sort((a, b) => a - b),
    )
  })

  test('on a full disk the callers hear of it, nothing counts, and it goes on once there is room', async () => {
    let room = false
    const { catalogue, memory, logs } = open({ hasRoom: () => room })
    await assert.rejects(Promise.all([catalogue.commit([name('a')]), catalogue.commit([name('b')])]), {
      code: 'disk-full',
    })
    assert.equal(logs.own.length, 0)
    assert.ok(!memory.dump().some(line => line.startsWith('name')))
    room = true
    await catalogue.commit([name('c')])
    assert.ok(memory.dump().some(line => line.includes('"c"')))
  })

  test('one caller’s misshapen or oversized operation fails that caller alone', async () => {
    const { catalogue, memory } = open()
    const misshapen = { kind: 'name.set', of: 'nobody', id: 'x', name: '' } as unknown as Operation
    const seen = Array.from({ length: 1000 }, (_, i) => ({ stamp: 2 ** 50 + i, device: 'd'.repeat(128) }))
    const huge: Operation = { kind: 'tag.removed', asset: 'ab'.repeat(16), tag: 'x'.repeat(256), seen: [...seen] }
    for (const entry of seen) entry.device = 'ü'.repeat(128)
    const outcomes = await Promise.allSettled([
      catalogue.commit([name('good')]),
      catalogue.commit([misshapen]),
      catalogue.commit([huge]),
    ])
    const codes = outcomes.map(outcome =>
      outcome.status === 'rejected' ? (outcome.reason as HomerollError).code : 'committed',
    )
    assert.deepEqual(codes, ['committed', 'invalid-operation', 'operation-too-large'])
    assert.ok(memory.dump().some(line => line.includes('good')))
  })

  test('what the index could not take shows with the next commit, in order', async () => {
    const { catalogue, memory, projection } = open()
    await catalogue.commit([name('first', 'a')])
    const apply = projection.apply.bind(projection)
    projection.apply = async () => {
      throw new HomerollError('disk-full', 'no room for the index')
    }
    await assert.rejects(catalogue.commit([name('second', 'b')]), { code: 'index-behind' })
    projection.apply = apply
    await catalogue.commit([name('third', 'c')])
    for (const text of ['first', 'second', 'third']) assert.ok(memory.dump().some(line => line.includes(text)))
  })

  test('stamps go on after the newest in the log, also with the clock set back a year', async () => {
    let now = 1_780_000_000_000
    const { catalogue, logs, memory } = open({ now: () => now })
    await catalogue.commit([name('before')])
    now -= 365 * 24 * 3600 * 1000
    const anew = createMemoryProjection('own', decodeFrame)
    const after = createCatalogue({ logs, projection: anew.projection, pack: packFrames, now: () => now })
    await after.commit([name('after')])
    assert.ok(anew.dump().some(line => line.includes('after')))
    assert.notDeepEqual(anew.dump(), memory.dump())
    const [first, second] = await stampsOf(logs.own)
    assert.ok(first !== undefined && second !== undefined && second > first)
  })

  test('nothing enters after closing', async () => {
    const { catalogue, logs } = open()
    const before = catalogue.commit([name('a')])
    await catalogue.close()
    await before
    await assert.rejects(catalogue.commit([name('b')]), { code: 'closing' })
    assert.equal(logs.own.length, 1)
  })
})

describe('catching up', () => {
  test('applies what the logs hold beyond the index, in batches, with progress', async () => {
    const { catalogue, logs, memory, now } = open()
    await Promise.all(Array.from({ length: 300 }, (_, i) => catalogue.commit([added(i)])))
    for (let i = 0; i < 200; i++) await catalogue.commit([name(`name ${i}`)])
    const anew = createMemoryProjection('own', decodeFrame)
    const second = createCatalogue({ logs, projection: anew.projection, pack: packFrames, now })
    const progress: number[] = []
    await second.catchUp({ onProgress: ({ applied, total }) => progress.push(applied / total) })
    assert.deepEqual(anew.dump(), memory.dump())
    assert.ok(progress.length > 2)
    assert.equal(progress.at(-1), 1)
  })

  test('an index that is ahead of the log, or saw another log, is filled anew', async () => {
    const long = open()
    for (const text of ['a', 'b', 'c']) await long.catalogue.commit([name(text)])
    for (const commits of [1, 3]) {
      const { logs, catalogue, memory, now } = open({ now: () => 1_790_000_000_000 })
      for (let i = 0; i < commits; i++) await catalogue.commit([name(`other ${i}`)])
      const ahead = createMemoryProjection('own', decodeFrame)
      await createCatalogue({ ...long, projection: ahead.projection, pack: packFrames }).catchUp()
      await createCatalogue({ logs, projection: ahead.projection, pack: packFrames, now }).catchUp()
      assert.deepEqual(ahead.dump(), memory.dump())
    }
  })

  test('rebuilding comes to the same state', async () => {
    const { catalogue, memory } = open()
    await catalogue.commit([added(1), name('a')])
    const before = memory.dump()
    await catalogue.rebuild()
    assert.deepEqual(memory.dump(), before)
  })

  test('can be stopped, and goes on later', async () => {
    const { catalogue, logs, memory, now } = open()
    for (let i = 0; i < 150; i++) await catalogue.commit([name(`name ${i}`)])
    const anew = createMemoryProjection('own', decodeFrame)
    const second = createCatalogue({ logs, projection: anew.projection, pack: packFrames, now })
    const stop = new AbortController()
    const stopped = second.catchUp({ signal: stop.signal, onProgress: () => stop.abort() })
    await assert.rejects(stopped, { name: 'AbortError' })
    await second.catchUp()
    assert.deepEqual(anew.dump(), memory.dump())
  })
})
