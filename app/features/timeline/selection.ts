import { type Accessor, createSignal } from 'solid-js'
import type { Bucket } from '../../../shared/time/index.ts'
import type { TimelineStore } from '../../data/timeline-store.ts'

/** Most assets that can be selected at once. */
export const SELECTION_LIMIT = 5000

/** What is selected in one view. */
export interface Selection {
  ids: Accessor<ReadonlySet<string>>
  has(id: string): boolean
  /** Selects or deselects one; `range`: everything from the one chosen last up to this one. */
  pick(bucket: Bucket, id: string, range: boolean): Promise<'done' | 'too-many'>
  clear(): void
}

export function createSelection(store: TimelineStore): Selection {
  const [ids, setIds] = createSignal<ReadonlySet<string>>(new Set())
  let last: { bucket: Bucket; id: string } | null = null

  /** Ids between two assets, both included, in the order of the timeline; null when there are too many. */
  async function between(
    from: { bucket: Bucket; id: string },
    to: { bucket: Bucket; id: string },
  ): Promise<string[] | null> {
    const order = store.buckets().map(({ bucket }) => bucket)
    const [first, end] = [order.indexOf(from.bucket), order.indexOf(to.bucket)].sort((a, b) => a - b) as [
      number,
      number,
    ]
    if (first < 0) return []
    const all: string[] = []
    for (const { bucket, count } of store.buckets().slice(first, end + 1)) {
      if (all.length + count > 4 * SELECTION_LIMIT) return null
      all.push(...(await store.load(bucket)).id)
    }
    const [start, stop] = [all.indexOf(from.id), all.indexOf(to.id)].sort((a, b) => a - b) as [number, number]
    if (start < 0) return []
    return stop - start >= SELECTION_LIMIT ? null : all.slice(start, stop + 1)
  }

  return {
    ids,
    has: id => ids().has(id),
    async pick(bucket, id, range) {
      const here = { bucket, id }
      const next = new Set(ids())
      if (range && last && !next.has(id)) {
        const found = await between(last, here)
        if (found === null || next.size + found.length > SELECTION_LIMIT) return 'too-many'
        for (const one of found) next.add(one)
      } else if (next.has(id)) next.delete(id)
      else next.add(id)
      last = here
      setIds(next)
      return 'done'
    },
    clear() {
      last = null
      setIds(new Set<string>())
    },
  }
}
