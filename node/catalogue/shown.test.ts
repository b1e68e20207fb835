import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Facts, Operation, OperationOf } from '../../shared/schema/index.ts'
import { assetRecordOf, createMemoryState, createRules, tagAdditionsOf, viewsOf, type AssetState } from './index.ts'

const sha256 = 'ab'.repeat(32)
const id = 'ab'.repeat(16)
const rules = createRules()
const added: Operation = {
  kind: 'asset.added',
  sha256,
  sha1: 'cd'.repeat(20),
  bytes: 1000,
  mime: 'image/jpeg',
  type: 'photo',
  fileName: 'IMG_1.JPG',
}
const facts: Facts = {
  takenAt: '2024-07-31T18:05:12',
  takenAtSource: 'metadata',
  timeZone: null,
  width: 4000,
  height: 3000,
  durationMs: null,
  latitude: null,
  longitude: null,
  make: null,
  model: null,
  lens: null,
  iso: null,
  fNumber: null,
  exposure: null,
  focalLengthMm: null,
  rating: 3,
  description: 'from the file',
  keywords: ['sea'],
  orientation: 1,
}
const place = { drive: 'ann', pack: 'p', offset: 0, length: 1, mime: 'image/webp', width: 300, height: 200 }
const rendered = (version: number): Operation => ({
  kind: 'asset.renditions',
  asset: id,
  version,
  thumbhash: 'AA',
  thumbnail: place,
  preview: place,
})
const damaged = (version: number): Operation => ({
  kind: 'asset.damaged',
  asset: id,
  version,
  code: 'cut',
  message: 'it ends too soon',
})
const set = (change: OperationOf<'asset.set'>['change']): Operation => ({ kind: 'asset.set', asset: id, change })

function merged(...operations: Operation[]): AssetState {
  const state = createMemoryState()
  for (const [i, operation] of operations.entries())
    rules.merge(state, operation, { stamp: 1_700_000_000_000_000 + i, device: 'ann' })
  const asset = state.asset(id)
  assert.ok(asset)
  return asset
}
const record = (...operations: Operation[]) => assetRecordOf(merged(added, ...operations))

describe('which of two writes stands', () => {
  /** The state after both, in either order: the first operation bears the earlier stamp. */
  function either(first: Operation, second: Operation, device = 'ann'): AssetState {
    const states = [false, true].map(turned => {
      const state = createMemoryState()
      const writes = [first, second].map((operation, i) => ({ operation, written: { stamp: 10 + i, device } }))
      for (const { operation, written } of turned ? writes.reverse() : writes) rules.merge(state, operation, written)
      return state.asset(id)
    })
    assert.ok(states[0])
    assert.deepEqual(states[1], states[0])
    return states[0]
  }

  test('of additions the earliest, of facts and pictures the highest version, and of that the earliest', () => {
    assert.equal(either(added, { ...added, fileName: 'later.jpg' }).added?.fileName, 'IMG_1.JPG')
    const read = (version: number, rating: number): Operation => {
      return { kind: 'asset.facts', asset: id, version, facts: { ...facts, rating } }
    }
    assert.equal(either(read(1, 1), read(2, 2)).facts?.facts.rating, 2)
    assert.equal(either(read(2, 1), read(1, 2)).facts?.facts.rating, 1)
    assert.equal(either(read(2, 1), read(2, 2)).facts?.facts.rating, 1)
    assert.equal(either(rendered(1), rendered(2)).renditions?.version, 2)
    assert.equal(either(damaged(2), damaged(1)).damage?.version, 2)
  })

  test('of what people set, and of each device’s word on its copy, the latest', () => {
    const rating = (value: number | null) => set({ field: 'rating', value })
    assert.equal(either(rating(1), rating(2)).registers.rating?.value, 2)
    assert.equal(either(rating(1), rating(null)).registers.rating?.value, null)
    const custody = (state: 'held' | 'absent'): Operation => ({ kind: 'original.custody', asset: id, state })
    assert.equal(either(custody('held'), custody('absent')).custody.get('ann')?.state, 'absent')
    assert.equal(either(custody('absent'), custody('held')).custody.get('ann')?.state, 'held')
  })
})

describe('what an asset shows', () => {
  test('nothing before it was added, and then all that was said of it', () => {
    const early = merged(set({ field: 'rating', value: 5 }), { kind: 'asset.facts', asset: id, version: 1, facts })
    assert.equal(assetRecordOf(early), null)
    assert.deepEqual(viewsOf(early), [])
    assert.equal(assetRecordOf(merged(set({ field: 'rating', value: 5 }), added))?.rating, 5)
  })

  test('what a person set before what the file says, which stands again once taken back', () => {
    const read: Operation = { kind: 'asset.facts', asset: id, version: 1, facts }
    const changed = [
      set({ field: 'rating', value: 1 }),
      set({ field: 'caption', value: 'mine' }),
      set({ field: 'takenAt', value: '2001-02-03T04:05:06' }),
    ]
    const shown = (...operations: Operation[]) => {
      const { rating, description, takenAt } = record(...operations) ?? {}
      return [rating, description, takenAt]
    }
    assert.deepEqual(shown(read), [3, 'from the file', '2024-07-31T18:05:12'])
    assert.deepEqual(shown(read, ...changed), [1, 'mine', '2001-02-03T04:05:06'])
    const back = (['rating', 'caption', 'takenAt'] as const).map(field => set({ field, value: null }))
    assert.deepEqual(shown(read, ...changed, ...back), [3, 'from the file', '2024-07-31T18:05:12'])
    assert.deepEqual(shown(read, set({ field: 'caption', value: '' }))[1], null)
  })

  test('a date that no calendar has does not count; without any, the moment of adding does', () => {
    assert.equal(record(set({ field: 'takenAt', value: '2024-13-40T00:00:00' }))?.takenAt, '2023-11-14T22:13:20')
  })

  test('the views: trash before archive, favourites in both worlds, hidden and damaged nowhere', () => {
    const views = (...operations: Operation[]) => viewsOf(merged(added, ...operations))
    const favourite = set({ field: 'favourite', value: true })
    const archived = set({ field: 'archived', value: true })
    const trashed = set({ field: 'trashed', value: true })
    assert.deepEqual(views(), ['all'])
    assert.deepEqual(views(favourite), ['all', 'favourites'])
    assert.deepEqual(views(archived, favourite), ['archive', 'favourites'])
    assert.deepEqual(views(archived, favourite, trashed), ['trash'])
    assert.deepEqual(views(set({ field: 'hidden', value: true }), favourite), [])
    assert.deepEqual(views(damaged(1), favourite), [])
    assert.deepEqual(views(trashed, set({ field: 'trashed', value: false })), ['all'])
  })

  test('renditions of the same or a newer renderer outweigh its failure', () => {
    const state = (...operations: Operation[]) => record(...operations)?.state
    assert.equal(state(), 'pending')
    assert.equal(state(rendered(1)), 'ready')
    assert.equal(state(damaged(1)), 'damaged')
    assert.equal(state(rendered(1), damaged(1)), 'ready')
    assert.equal(state(rendered(1), damaged(2)), 'damaged')
    assert.equal(state(damaged(2), rendered(3)), 'ready')
    assert.deepEqual(record(damaged(1))?.problem, { code: 'cut', message: 'it ends too soon' })
  })

  test('tags: given ones and the file’s keywords; a removal takes what it saw and stays taken', () => {
    const tags = (...operations: Operation[]) => record(...operations)?.tags
    const read = (version: number): Operation => ({ kind: 'asset.facts', asset: id, version, facts })
    const give: Operation = { kind: 'tag.added', asset: id, tag: 'sea' }
    assert.deepEqual(tags(read(1)), ['sea'])
    const seen = tagAdditionsOf(merged(added, read(1), give), 'sea')
    assert.equal(seen.length, 2)
    const remove: Operation = { kind: 'tag.removed', asset: id, tag: 'sea', seen }
    assert.deepEqual(tags(read(1), give, remove), [])
    assert.deepEqual(tags(read(1), give, remove, read(2)), [])
    assert.deepEqual(tags(read(1), give, remove, give), ['sea'])
  })
})
