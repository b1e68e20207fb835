import type { OperationOf } from '../../../shared/schema/index.ts'
import { compareStamps } from '../../../shared/time/index.ts'
import type { AssetState, TagState, Written } from '../asset-state.ts'

/**
 * The addition under which a file's own keywords count as tags: no clock gives this stamp. Its removal outlives every
 * new reading of the file.
 */
export const FILE_ADDITION: Written = { stamp: 0, device: 'file' }

export function mergeTagAdded(state: AssetState, operation: OperationOf<'tag.added'>, written: Written): boolean {
  const tag = tagState(state, operation.tag)
  return find(tag.removed, written) === undefined && insert(tag.live, written)
}

/** Removes the additions that the remover had seen, and no others; they may arrive later than their removal. */
export function mergeTagRemoved(state: AssetState, operation: OperationOf<'tag.removed'>): boolean {
  if (operation.seen.length === 0) return false
  const tag = tagState(state, operation.tag)
  let changed = false
  for (const { stamp, device } of operation.seen) {
    const addition = { stamp, device }
    const live = find(tag.live, addition)
    if (live !== undefined) tag.live.splice(live, 1)
    if (insert(tag.removed, addition)) changed = true
  }
  return changed
}

function tagState(state: AssetState, name: string): TagState {
  let tag = state.tags.get(name)
  if (!tag) state.tags.set(name, (tag = { live: [], removed: [] }))
  return tag
}

function find(list: Written[], addition: Written): number | undefined {
  const at = list.findIndex(entry => compareStamps(entry, addition) === 0)
  return at < 0 ? undefined : at
}

/** Keeps the list in order; false when it was there. */
function insert(list: Written[], addition: Written): boolean {
  let at = list.length
  for (; at > 0; at--) {
    const before = compareStamps(list[at - 1] as Written, addition)
    if (before === 0) return false
    if (before < 0) break
  }
  list.splice(at, 0, addition)
  return true
}
