import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { views, type BucketColumns, type Frame, type Timeline } from '../../shared/schema/index.ts'
import { bucketOf } from '../../shared/time/index.ts'
import { ASSETS, batched, draws, history, mixed, NOW } from '../../tests/helpers/histories.ts'
import {
  applyBlocks,
  assetRecordOf,
  clampedRatio,
  createMemoryState,
  createRules,
  isSet,
  isShown,
  ratioOf,
  takenAtOf,
  viewsOf,
  type AssetState,
  type LogBlock,
} from '../catalogue/index.ts'
import { createIndexReader, type IndexReader } from './index-reader.ts'
import { createIndexWriter, type IndexWriter } from './index-writer.ts'

const encode = (frame: Frame) => Buffer.from(JSON.stringify(frame))
const decode = (block: Uint8Array) => ({
  outcome: 'frame' as const,
  frame: JSON.parse(Buffer.from(block).toString()) as Frame,
})
const ownDevice = 'own'
const rules = createRules()
const wanted = { renditions: 2, facts: 2 }
const THREE_DAYS = 3 * 24 * 3600 * 1000

function dumpOf(reader: IndexReader): string[] {
  const lines: string[] = []
  let cursor: Uint8Array | null = null
  do {
    const page: { lines: string[]; next: Uint8Array | null } = reader.dumpPage(cursor)
    lines.push(...page.lines)
    cursor = page.next
  } while (cursor)
  return lines.sort()
}

const parse = <T>(bytes: Uint8Array) => JSON.parse(Buffer.from(bytes).toString()) as T

/** The addition of one of `ASSETS`. */
const addition = (n: number) => ({
  kind: 'asset.added' as const,
  sha256: (ASSETS[n] as string).repeat(2),
  sha1: '11'.repeat(20),
  bytes: 1,
  mime: 'image/jpeg',
  type: 'photo' as const,
  fileName: 'a.jpg',
})

/** Sorts as (date-time, id). */
const key = (state: AssetState) => `${takenAtOf(state)}\0${state.id}`

describe('the index against the plain rules', () => {
  let folder: string
  let writer: IndexWriter
  let reader: IndexReader
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'homeroll-index-'))
    const file = join(folder, 'index.sqlite')
    writer = createIndexWriter({ file, ownDevice, wanted, decode, rules })
    reader = createIndexReader(file, ownDevice)
  })
  after(() => {
    reader.close()
    writer.close()
    rmSync(folder, { recursive: true })
  })

  function fill(batches: LogBlock[][]): void {
    writer.clear()
    for (const batch of batches) writer.apply(batch, NOW)
    writer.apply([], NOW + THREE_DAYS)
  }

  test('any history comes to the same state and the same tables, live or rebuilt', () => {
    fc.assert(
      fc.property(history, draws, draws, (logs, order, cut) => {
        fill(batched(mixed(logs, encode, order), cut))
        const live = dumpOf(reader)
        const model = createMemoryState()
        for (const block of mixed(logs, encode, [0]))
          applyBlocks(model, [block], { now: NOW, ownDevice, decode, rules })
        applyBlocks(model, [], { now: NOW + THREE_DAYS, ownDevice, decode, rules })
        const derived = /^(timeline|bucket|lacking|custody|total) /
        assert.deepEqual(
          live.filter(line => !derived.test(line)),
          model.dump(),
        )
        checkReads([...model.assets()])
        fill([mixed(logs, encode, [0])])
        assert.deepEqual(dumpOf(reader), live)
      }),
      { numRuns: 1500 },
    )
  })

  function checkReads(states: AssetState[]): void {
    const shown = states.filter(isShown)
    for (const view of views) {
      const newest = shown.filter(state => viewsOf(state).includes(view)).sort((a, b) => (key(a) < key(b) ? 1 : -1))
      const timeline = parse<Timeline>(reader.timeline(view))
      assert.equal(timeline.total, newest.length)
      const buckets = [...new Set(newest.map(state => bucketOf(takenAtOf(state))))]
      assert.deepEqual(
        timeline.buckets.map(({ bucket }) => bucket),
        buckets,
      )
      for (const { bucket, count, ratioSum } of timeline.buckets) {
        const inside = newest.filter(state => bucketOf(takenAtOf(state)) === bucket)
        assert.equal(count, inside.length)
        assert.equal(ratioSum, inside.reduce((sum, state) => sum + clampedRatio(ratioOf(state)), 0) / 1000)
        const expected: BucketColumns = {
          bucket,
          id: inside.map(state => state.id),
          takenAt: inside.map(takenAtOf),
          ratio: inside.map(state => ratioOf(state) / 1000),
          type: inside.map(state => state.added.type),
          durationMs: inside.map(state => state.facts?.facts.durationMs ?? null),
          favourite: inside.map(state => isSet(state, 'favourite')),
          thumbhash: inside.map(state => state.renditions?.thumbhash ?? null),
          ready: inside.map(state => state.renditions !== null),
        }
        assert.deepEqual(parse<BucketColumns>(reader.bucket(view, bucket)), expected)
      }
      const lines = Buffer.from(reader.assetLines(view, null, 100).lines)
        .toString()
        .split('\n')
        .filter(Boolean)
      assert.deepEqual(
        lines.map(line => JSON.parse(line) as unknown),
        newest.map(assetRecordOf),
      )
    }
    for (const id of ASSETS) {
      const state = states.find(entry => entry.id === id)
      assert.deepEqual(reader.asset(id), state ? assetRecordOf(state) : null)
    }
    const records = shown.flatMap(state => assetRecordOf(state) ?? [])
    const totals = reader.totals()
    assert.equal(totals.assets, records.length)
    assert.equal(
      totals.bytes,
      records.reduce((sum, { bytes }) => sum + bytes, 0),
    )
    assert.equal(totals.damaged, records.filter(({ state }) => state === 'damaged').length)
    const lacking = reader.withoutRenditions(100, null).entries
    assert.equal(totals.withoutRenditions, lacking.length)
    const expected = shown.filter(
      ({ renditions, damage }) => Math.max(renditions?.version ?? 0, damage?.version ?? 0) < wanted.renditions,
    )
    assert.deepEqual(lacking.map(({ id }) => id).sort(), expected.map(({ id }) => id).sort())
    const held = shown.filter(({ custody }) => custody.get('ann')?.state === 'held').map(({ id }) => id)
    assert.deepEqual(
      reader
        .heldBy('ann', 100, null)
        .entries.map(({ id }) => id)
        .sort(),
      held.sort(),
    )
    assert.equal(totals.held['ann']?.assets ?? 0, held.length)
    const words = reader.search('canon', 100).map(({ id }) => id)
    const found = records.filter(({ make, trashed, hidden }) => make === 'Canon' && !trashed && !hidden)
    assert.deepEqual(words.sort(), found.map(({ id }) => id).sort())
  }

  test('custody: who holds an original follows their latest word', () => {
    const asset = ASSETS[0] as string
    const say = (seq: number, state: 'held' | 'absent'): LogBlock => ({
      device: 'ann',
      seq,
      block: encode({ v: 1, hlc: NOW * 1000 + seq, ops: [{ kind: 'original.custody', asset, state }] }),
    })
    const holds = () => reader.heldBy('ann', 10, null).entries.map(({ id }) => id)
    writer.clear()
    writer.apply([say(0, 'held')], NOW)
    assert.deepEqual(holds(), [])
    writer.apply([{ device: 'own', seq: 0, block: encode({ v: 1, hlc: NOW * 1000, ops: [addition(0)] }) }], NOW)
    assert.deepEqual(holds(), [asset])
    assert.equal(reader.asset(asset)?.copies, 1)
    writer.apply([say(1, 'absent')], NOW)
    assert.deepEqual(holds(), [])
    assert.equal(reader.totals().held['ann'], undefined)
    writer.apply([say(2, 'held')], NOW)
    assert.deepEqual(holds(), [asset])
    assert.deepEqual(reader.totals().held['ann'], { assets: 1, bytes: 1 })
  })

  test('raising what is wanted lists anew what lacks it', () => {
    const place = { drive: 'd', pack: 'p', offset: 0, length: 1, mime: 'image/webp', width: 3, height: 2 }
    const asset = ASSETS[0] as string
    const rendered = {
      kind: 'asset.renditions' as const,
      asset,
      version: 2,
      thumbhash: 'AA',
      thumbnail: place,
      preview: place,
    }
    const ops = [addition(0), addition(1), rendered]
    const block = encode({ v: 1, hlc: NOW * 1000, ops })
    const file = join(folder, 'wanted.sqlite')
    const first = createIndexWriter({ file, ownDevice, wanted, decode, rules })
    first.apply([{ device: 'own', seq: 0, block }], NOW)
    first.close()
    const raised = createIndexWriter({ file, ownDevice, wanted: { renditions: 3, facts: 2 }, decode, rules })
    const look = createIndexReader(file, ownDevice)
    assert.deepEqual(raised.positions(), { own: 1 })
    assert.equal(look.totals().withoutRenditions, 2)
    assert.equal(look.withoutRenditions(10, null).entries.length, 2)
    const again = { ...rendered, version: 3 }
    raised.apply([{ device: 'own', seq: 1, block: encode({ v: 1, hlc: NOW * 1000 + 9, ops: [again] }) }], NOW)
    assert.equal(look.totals().withoutRenditions, 1)
    look.close()
    raised.close()
  })

  test('a transaction that fails leaves nothing of itself', () => {
    const name = { kind: 'name.set' as const, of: 'device' as const, id: 'ann', name: 'Ann' }
    const block = encode({ v: 1, hlc: NOW * 1000, ops: [name, addition(0)] })
    writer.clear()
    const before = dumpOf(reader)
    const gap = [
      { device: 'ann', seq: 0, block },
      { device: 'ann', seq: 5, block },
    ]
    assert.throws(() => writer.apply(gap, NOW), { code: 'log-gap' })
    writer.apply([], NOW)
    assert.deepEqual(dumpOf(reader), before)
    assert.equal(reader.asset(ASSETS[0] as string), null)
    writer.apply([{ device: 'ann', seq: 0, block }], NOW)
    assert.deepEqual(reader.names().device, { ann: 'Ann' })
  })
})
