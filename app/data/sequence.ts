import { type Accessor, createEffect, createMemo } from 'solid-js'
import type { BucketColumns, View } from '../../shared/schema/api.ts'
import { type Bucket, bucketOf } from '../../shared/time/index.ts'
import { fetchAsset } from './asset-records.ts'
import { searchHits } from './search.ts'
import type { TimelineStore } from './timeline-store.ts'
import { timelineOf } from './timelines.ts'

/** What a viewer needs to show an asset before its facts are there. */
export interface Glimpse {
  id: string
  /** Width / height. */
  ratio: number
  type: 'photo' | 'video' | 'live'
  thumbhash: string | null
  /** Whether its pictures are rendered. */
  ready: boolean
}

/** An asset among the others that it is looked at with. */
export interface Spot {
  id: string
  self: Glimpse
  previous: Glimpse | null
  next: Glimpse | null
  /** From 1. */
  position: number
  total: number
}

/** What the viewer walks through: a view of the timeline, or what was searched for. */
export type Source = View | 'search'

function glimpse(columns: BucketColumns, i: number): Glimpse | null {
  const id = columns.id[i]
  if (id === undefined) return null
  const { ratio, type, thumbhash, ready } = columns
  return { id, ratio: ratio[i]!, type: type[i]!, thumbhash: thumbhash[i]!, ready: ready[i]! }
}

function find(store: TimelineStore, id: string, hint: Bucket | null): { bucket: Bucket; index: number } | null {
  const order = hint === null ? [] : [hint]
  for (const bucket of [...order, ...store.buckets().map(one => one.bucket)]) {
    const index = store.columns(bucket)?.id.indexOf(id) ?? -1
    if (index >= 0) return { bucket, index }
  }
  return null
}

function spotInTimeline(store: TimelineStore, id: string, hint: Bucket | null): (Spot & { bucket: Bucket }) | null {
  const found = find(store, id, hint)
  if (!found) return null
  const buckets = store.buckets()
  const month = buckets.findIndex(({ bucket }) => bucket === found.bucket)
  const columns = store.columns(found.bucket)!
  let before = 0
  for (const { bucket, count } of buckets.slice(0, Math.max(0, month)))
    before += store.columns(bucket)?.id.length ?? count
  const earlier = buckets[month - 1] && store.columns(buckets[month - 1]!.bucket)
  const later = buckets[month + 1] && store.columns(buckets[month + 1]!.bucket)
  return {
    id,
    bucket: found.bucket,
    self: glimpse(columns, found.index)!,
    previous: glimpse(columns, found.index - 1) ?? (earlier ? glimpse(earlier, earlier.id.length - 1) : null),
    next: glimpse(columns, found.index + 1) ?? (later ? glimpse(later, 0) : null),
    position: before + found.index + 1,
    total: store.total(),
  }
}

function spotInSearch(id: string): Spot | null {
  const hits = searchHits() ?? []
  const at = hits.findIndex(hit => hit.id === id)
  const near = (i: number): Glimpse | null => {
    const hit = hits[i]
    if (!hit) return null
    return {
      id: hit.id,
      ratio: hit.width && hit.height ? hit.width / hit.height : 1.5,
      type: hit.type,
      thumbhash: null,
      ready: hit.state === 'ready',
    }
  }
  const self = near(at)
  return self && { id, self, previous: near(at - 1), next: near(at + 1), position: at + 1, total: hits.length }
}

/**
 * Where an asset stands among the others, kept up to date; loads what is missing around it. An asset that leaves its
 * view while it is looked at keeps the neighbours it had.
 */
export function useSpot(id: Accessor<string>, source: Accessor<Source>): Accessor<Spot | null> {
  let hint: Bucket | null = null
  const spot = createMemo<Spot | null>(last => {
    const from = source()
    const found = from === 'search' ? spotInSearch(id()) : spotInTimeline(timelineOf(from), id(), hint)
    if (found && 'bucket' in found) hint = found.bucket as Bucket
    return found ?? (last?.id === id() ? last : null)
  }, null)

  createEffect(() => {
    const from = source()
    if (from === 'search') return
    const store = timelineOf(from)
    if (store.state() !== 'ready') return
    const wanted = id()
    const now = spot()
    const load = (bucket: Bucket): void => void store.load(bucket).catch(() => {})
    if (!now) {
      fetchAsset(wanted).then(
        record => {
          const bucket = bucketOf(record.takenAt)
          if (id() === wanted && store.buckets().some(one => one.bucket === bucket)) load(bucket)
        },
        () => {},
      )
      return
    }
    const month = store.buckets().findIndex(({ bucket }) => bucket === hint)
    const around = store.buckets()
    if (!now.previous && around[month - 1]) load(around[month - 1]!.bucket)
    if (!now.next && month >= 0 && around[month + 1]) load(around[month + 1]!.bucket)
  })
  return spot
}
