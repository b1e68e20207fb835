import { batch, createSignal, untrack } from 'solid-js'
import type { BucketColumns, BucketSummary, Timeline, View } from '../../shared/schema/api.ts'
import type { Bucket } from '../../shared/time/index.ts'
import { isAbort, reasonOf, request } from './api.ts'
import { type Flags, pendingVersion, withFlags, withPending } from './pending.ts'

/** Assets whose columns are kept before months that nobody looks at are let go. */
const KEEP_ASSETS = 60_000
/** A month must stay wanted for this long before it is asked for, so that a quick scroll past asks for nothing. */
const SETTLE_MS = 40

/** One view of the timeline: its months, and the columns of those that are looked at. Reading it is reactive. */
export interface TimelineStore {
  readonly view: View
  state(): 'loading' | 'ready' | 'failed'
  failure(): string | null
  /** Newest first. */
  buckets(): BucketSummary[]
  total(): number
  /** A month with unconfirmed changes applied, if it is loaded. */
  columns(bucket: Bucket): BucketColumns | null
  /** Whether loading a month failed and nothing has been tried since. */
  failed(bucket: Bucket): boolean
  /** Names the months that are looked at: loads them, and stops loading others. */
  want(buckets: readonly Bucket[]): void
  /** A month, loaded now if need be. */
  load(bucket: Bucket): Promise<BucketColumns>
  /** Loads the list of months again, and those of the named months that are held; null: all. */
  refresh(buckets: readonly Bucket[] | null): Promise<void>
  /** Makes a confirmed change part of what is held. */
  commit(ids: readonly string[], flags: Flags): void
}

export function createTimelineStore(view: View): TimelineStore {
  const [version, setVersion] = createSignal(0)
  const [state, setState] = createSignal<'loading' | 'ready' | 'failed'>('loading')
  const [failure, setFailure] = createSignal<string | null>(null)
  const [buckets, setBuckets] = createSignal<BucketSummary[]>([])
  const held = new Map<Bucket, BucketColumns>()
  const shown = new Map<Bucket, { base: BucketColumns; pending: number; columns: BucketColumns }>()
  const loading = new Map<Bucket, { controller: AbortController; done: Promise<BucketColumns>; asked: boolean }>()
  const failures = new Set<Bucket>()
  let wanted: readonly Bucket[] = []
  let settle: ReturnType<typeof setTimeout> | undefined

  const changed = (): void => void setVersion(v => v + 1)

  function letGo(): void {
    let assets = 0
    for (const columns of held.values()) assets += columns.id.length
    // A Map keeps the order of insertion, and wanting a month moves it to the end: the first is the least used.
    for (const [bucket, columns] of held) {
      if (assets <= KEEP_ASSETS) return
      if (wanted.includes(bucket)) continue
      held.delete(bucket)
      shown.delete(bucket)
      assets -= columns.id.length
    }
  }

  function fetchBucket(bucket: Bucket, asked = false): Promise<BucketColumns> {
    const running = loading.get(bucket)
    if (running) {
      running.asked ||= asked
      return running.done
    }
    const controller = new AbortController()
    const done = request<BucketColumns>(`/api/timeline/${bucket}?view=${view}`, { signal: controller.signal })
      .then(
        columns => {
          if (loading.get(bucket)?.controller !== controller) return columns
          failures.delete(bucket)
          held.delete(bucket)
          held.set(bucket, columns)
          letGo()
          return columns
        },
        (error: unknown) => {
          if (!isAbort(error)) failures.add(bucket)
          throw error
        },
      )
      .finally(() => {
        if (loading.get(bucket)?.controller === controller) loading.delete(bucket)
        changed()
      })
    loading.set(bucket, { controller, done, asked })
    return done
  }

  function columns(bucket: Bucket): BucketColumns | null {
    version()
    const base = held.get(bucket)
    if (!base) return null
    const pending = pendingVersion()
    const known = shown.get(bucket)
    if (known?.base === base && known.pending === pending) return known.columns
    let result = withPending(base, view)
    // The same content is the same object, so that nothing is laid out anew for it.
    if (known?.base === base && result !== base && sameContent(known.columns, result)) result = known.columns
    shown.set(bucket, { base, pending, columns: result })
    return result
  }

  let listing: Promise<void> | null = null
  let listAgain = false
  function list(): Promise<void> {
    if (listing) {
      listAgain = true
      return listing
    }
    listing = (async () => {
      do {
        listAgain = false
        try {
          const found = await request<Timeline>(`/api/timeline?view=${view}`)
          batch(() => {
            setBuckets(found.buckets)
            setState('ready')
            setFailure(null)
          })
        } catch (error) {
          setFailure(reasonOf(error))
          if (untrack(state) === 'loading') setState('failed')
        }
      } while (listAgain)
      listing = null
    })()
    return listing
  }

  const store: TimelineStore = {
    view,
    state,
    failure,
    buckets,
    total: () => {
      version()
      return buckets().reduce((sum, { bucket, count }) => sum + (columns(bucket)?.id.length ?? count), 0)
    },
    columns,
    failed: bucket => {
      version()
      return failures.has(bucket)
    },
    want(next) {
      wanted = next
      for (const bucket of next) {
        const columns = held.get(bucket)
        if (!columns) continue
        held.delete(bucket)
        held.set(bucket, columns)
      }
      for (const [bucket, { controller, asked }] of loading) {
        if (asked || next.includes(bucket)) continue
        loading.delete(bucket)
        controller.abort()
      }
      clearTimeout(settle)
      settle = setTimeout(() => {
        for (const bucket of next) {
          if (!held.has(bucket) && !failures.has(bucket)) fetchBucket(bucket).catch(() => {})
        }
      }, SETTLE_MS)
    },
    async load(bucket) {
      if (!held.has(bucket)) {
        failures.delete(bucket)
        await fetchBucket(bucket, true)
      }
      return untrack(() => columns(bucket)) ?? fetchBucket(bucket, true)
    },
    async refresh(which) {
      if (which === null) failures.clear()
      const stale = [...held.keys()].filter(bucket => which === null || which.includes(bucket))
      for (const bucket of stale) {
        if (wanted.includes(bucket)) continue
        held.delete(bucket)
        shown.delete(bucket)
      }
      const fresh = stale.filter(bucket => wanted.includes(bucket))
      for (const bucket of fresh) {
        loading.get(bucket)?.controller.abort()
        loading.delete(bucket)
      }
      await Promise.all([list(), ...fresh.map(bucket => fetchBucket(bucket).catch(() => {}))])
      changed()
    },
    commit(ids, flags) {
      const changedIds = new Set(ids)
      batch(() => {
        for (const [bucket, base] of held) {
          const next = withFlags(base, view, id => (changedIds.has(id) ? flags : null))
          if (next !== base) held.set(bucket, next)
        }
        changed()
      })
    },
  }
  void list()
  return store
}

function sameContent(a: BucketColumns, b: BucketColumns): boolean {
  return (
    a.id.length === b.id.length &&
    a.id.every((id, i) => id === b.id[i]) &&
    a.favourite.every((value, i) => value === b.favourite[i])
  )
}
