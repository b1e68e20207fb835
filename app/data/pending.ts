import { createSignal } from 'solid-js'
import type { BucketColumns, View } from '../../shared/schema/api.ts'

/** Flags that a person can switch from a grid. */
export interface Flags {
  favourite?: boolean
  archived?: boolean
  trashed?: boolean
}

const [version, setVersion] = createSignal(0)
const pending = new Map<string, Flags[]>()

/** Changes whenever the set of unconfirmed changes does. */
export const pendingVersion = version

/** Shows a change before the node has confirmed it; the returned function ends that. */
export function holdPending(ids: readonly string[], flags: Flags): () => void {
  for (const id of ids) pending.set(id, [...(pending.get(id) ?? []), flags])
  setVersion(v => v + 1)
  return () => {
    for (const id of ids) {
      const left = (pending.get(id) ?? []).filter(held => held !== flags)
      if (left.length === 0) pending.delete(id)
      else pending.set(id, left)
    }
    setVersion(v => v + 1)
  }
}

/** The unconfirmed flags of an asset, if any. */
export function pendingFlags(id: string): Flags | null {
  version()
  const held = pending.get(id)
  return held === undefined ? null : (Object.assign({}, ...held) as Flags)
}

/** Whether an asset with these flags leaves a view in which it was shown. */
function leaves(view: View, flags: Flags): boolean {
  if (view === 'trash') return flags.trashed === false
  if (flags.trashed === true) return true
  if (view === 'favourites') return flags.favourite === false || flags.archived === true
  return view === 'archive' ? flags.archived === false : flags.archived === true
}

/** A month with flags applied: assets that leave the view are gone, the others say what they now are. */
export function withFlags(
  columns: BucketColumns,
  view: View,
  flagsOf: (id: string) => Flags | null | undefined,
): BucketColumns {
  const keep: number[] = []
  const favourite = [...columns.favourite]
  let changed = false
  for (const [i, id] of columns.id.entries()) {
    const flags = flagsOf(id)
    if (flags && leaves(view, flags)) {
      changed = true
      continue
    }
    if (flags?.favourite !== undefined && flags.favourite !== favourite[i]) {
      favourite[i] = flags.favourite
      changed = true
    }
    keep.push(i)
  }
  if (!changed) return columns
  const pick = <T>(from: readonly T[]): T[] => keep.map(i => from[i] as T)
  return {
    bucket: columns.bucket,
    id: pick(columns.id),
    takenAt: pick(columns.takenAt),
    ratio: pick(columns.ratio),
    type: pick(columns.type),
    durationMs: pick(columns.durationMs),
    favourite: pick(favourite),
    thumbhash: pick(columns.thumbhash),
    ready: pick(columns.ready),
  }
}

/** A month as it will be once every unconfirmed change is. */
export function withPending(columns: BucketColumns, view: View): BucketColumns {
  version()
  return pending.size === 0 ? columns : withFlags(columns, view, pendingFlags)
}
