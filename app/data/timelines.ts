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

/** Between two refreshes, milliseconds; longer where a refresh takes long, as one of an enormous month does. */
const PAUSE = 350
/** After a quiet time the first event is followed this soon, with those that come along with it. */
const AT_ONCE = 30

/** Keeps the opened views in step with the node; many events in a moment become one refresh, and none overtakes another. */
export function followTimelines(): void {
  let collected: Set<Bucket> | null = new Set()
  let timer: ReturnType<typeof setTimeout> | undefined
  let refreshing = false
  let quietFrom = 0

  const flush = async (): Promise<void> => {
    timer = undefined
    refreshing = true
    const buckets = collected === null ? null : [...collected]
    collected = new Set()
    const began = performance.now()
    await Promise.allSettled([...stores.values()].map(store => store.refresh(buckets)))
    const ended = performance.now()
    quietFrom = Math.max(began + PAUSE, ended + (ended - began) / 2)
    refreshing = false
    if (collected === null || collected.size > 0) schedule()
  }
  const schedule = (): void => {
    if (refreshing) return
    timer ??= setTimeout(() => void flush(), Math.max(AT_ONCE, quietFrom - performance.now()))
  }
  const collect = (buckets: readonly Bucket[] | null): void => {
    if (buckets === null) collected = null
    else for (const bucket of buckets) collected?.add(bucket)
    schedule()
  }
  onNodeEvent('timeline', event => collect(event.buckets))
  onReconnect(() => collect(null))
}
