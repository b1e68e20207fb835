import { createRoot } from 'solid-js'
import type { View } from '../../shared/schema/api.ts'
import type { Bucket } from '../../shared/time/index.ts'
import { onNodeEvent, onReconnect } from './events.ts'
import { createTimelineStore, type TimelineStore } from './timeline-store.ts'

const stores = new Map<View, TimelineStore>()

/** The one store of a view. */
export function timelineOf(view: View): TimelineStore {
  const known = stores.get(view)
  if (known) return known
  const store = createRoot(() => createTimelineStore(view))
  stores.set(view, store)
  return store
}

export function openTimelines(): TimelineStore[] {
  return [...stores.values()]
}

/** Keeps the opened views in step with the node; many events in a moment become one refresh. */
export function followTimelines(): void {
  let collected: Set<Bucket> | null = new Set()
  let timer: ReturnType<typeof setTimeout> | undefined
  let lastRefresh = 0

  const flush = (): void => {
    timer = undefined
    lastRefresh = performance.now()
    const buckets = collected === null ? null : [...collected]
    collected = new Set()
    for (const store of stores.values()) void store.refresh(buckets)
  }
  const collect = (buckets: readonly Bucket[] | null): void => {
    if (buckets === null) collected = null
    else for (const bucket of buckets) collected?.add(bucket)
    // At once after a quiet time; while events pour in, a few times a second.
    timer ??= setTimeout(flush, performance.now() - lastRefresh > 600 ? 30 : 350)
  }
  onNodeEvent('timeline', event => collect(event.buckets))
  onReconnect(() => collect(null))
}
