import type { OperationOf } from '../../../shared/schema/index.ts'
import { compareStamps } from '../../../shared/time/index.ts'
import { compareContents, type AssetState, type Written } from '../asset-state.ts'

/** The earliest writer's words stand. */
export function mergeAdded(state: AssetState, operation: OperationOf<'asset.added'>, written: Written): boolean {
  const { sha256, sha1, bytes, mime, type, fileName } = operation
  const added = { sha256, sha1, bytes, mime, type, fileName, ...written }
  if (state.added && !isEarlier(added, state.added)) return false
  state.added = added
  return true
}

export function mergeFacts(state: AssetState, operation: OperationOf<'asset.facts'>, written: Written): boolean {
  const { version, facts } = operation
  const read = { version, facts, ...written }
  if (state.facts && !isBetter(read, state.facts)) return false
  state.facts = read
  return true
}

export function mergeRenditions(
  state: AssetState,
  operation: OperationOf<'asset.renditions'>,
  written: Written,
): boolean {
  const { version, thumbhash, thumbnail, preview } = operation
  const renditions = { version, thumbhash, thumbnail, preview, ...written }
  if (state.renditions && !isBetter(renditions, state.renditions)) return false
  state.renditions = renditions
  return true
}

export function mergeDamaged(state: AssetState, operation: OperationOf<'asset.damaged'>, written: Written): boolean {
  const { version, code, message } = operation
  const damage = { version, code, message, ...written }
  if (state.damage && !isBetter(damage, state.damage)) return false
  state.damage = damage
  return true
}

/** The highest version stands, among equals the earliest. */
function isBetter(a: Written & { version: number }, b: Written & { version: number }): boolean {
  return a.version === b.version ? isEarlier(a, b) : a.version > b.version
}

function isEarlier(a: Written, b: Written): boolean {
  return (compareStamps(a, b) || compareContents(a, b)) < 0
}
