import type { Bucket } from '../../../shared/time/index.ts'
import type { TimelineStore } from '../../data/timeline-store.ts'
import type { Plan } from './plan.ts'

/** An asset in the timeline. */
export interface Place {
  bucket: Bucket
  id: string
}

/** The asset before or after another, loading the next month if need be; null at the ends. */
export async function besides(store: TimelineStore, place: Place, step: 1 | -1): Promise<Place | null> {
  const columns = await store.load(place.bucket)
  const at = columns.id.indexOf(place.id) + step
  if (at >= 0 && at < columns.id.length) return { bucket: place.bucket, id: columns.id[at]! }
  const buckets = store.buckets()
  for (let i = buckets.findIndex(({ bucket }) => bucket === place.bucket) + step; buckets[i]; i += step) {
    const next = await store.load(buckets[i]!.bucket)
    const id = step === 1 ? next.id[0] : next.id.at(-1)
    if (id !== undefined) return { bucket: next.bucket, id }
  }
  return null
}

/** The asset in the row above or below that lies nearest; null at the ends. */
export async function acrossRows(
  store: TimelineStore,
  plan: () => Plan,
  place: Place,
  step: 1 | -1,
): Promise<Place | null> {
  await store.load(place.bucket)
  const loaded = plan().months[plan().indexOf.get(place.bucket) ?? -1]?.loaded
  if (!loaded) return null
  const { layout, columns } = loaded
  const at = columns.id.indexOf(place.id)
  const row = layout.rows.findIndex(one => at < one.end)
  const middle = layout.left[at]! + layout.width[at]! / 2
  const next = layout.rows[row + step]
  if (next) return { bucket: place.bucket, id: columns.id[nearest(layout.left, layout.width, next, middle)]! }
  const edge = step === 1 ? columns.id.at(-1)! : columns.id[0]!
  const beyond = await besides(store, { bucket: place.bucket, id: edge }, step)
  const other = beyond && plan().months[plan().indexOf.get(beyond.bucket) ?? -1]?.loaded
  if (!beyond || !other) return beyond
  const first = step === 1 ? other.layout.rows[0] : other.layout.rows.at(-1)
  if (!first) return beyond
  return { bucket: beyond.bucket, id: other.columns.id[nearest(other.layout.left, other.layout.width, first, middle)]! }
}

function nearest(left: Float32Array, width: Float32Array, row: { start: number; end: number }, middle: number): number {
  let best = row.start
  for (let i = row.start; i < row.end; i++) {
    const distance = Math.abs(left[i]! + width[i]! / 2 - middle)
    if (distance < Math.abs(left[best]! + width[best]! / 2 - middle)) best = i
  }
  return best
}
