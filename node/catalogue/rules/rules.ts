import { assetIdOf, fromHex, type AssetId } from '../../../shared/ids/index.ts'
import type { Operation, OperationKind, UnknownOperation } from '../../../shared/schema/index.ts'
import { emptyAssetState, type AssetState, type Written } from '../asset-state.ts'
import type { CatalogueState } from '../catalogue-state.ts'
import { mergeCustody } from './custody.ts'
import { mergeAdded, mergeDamaged, mergeFacts, mergeRenditions } from './grow-only.ts'
import { mergeName } from './names.ts'
import { mergeRegister } from './registers.ts'
import { mergeTagAdded, mergeTagRemoved } from './tags.ts'

/**
 * Which operations count and how: one owner and one rule for each datum. What decodes frames has checked the shape of
 * each operation of a known kind.
 */
export interface Rules {
  /** Rises whenever an operation is learned; what was unknown is then replayed. */
  version: number
  /** Frames of a newer version are kept for later as a whole. */
  frameVersion: number
  /** What is of no known kind is kept. */
  knows(operation: Operation | UnknownOperation): operation is Operation
  /** Merges one operation; the asset that it changed, or null. */
  merge(state: CatalogueState, operation: Operation, written: Written): AssetId | null
}

/** Raise this with every kind of operation that is added, and whenever the meaning of one changes. */
export const RULES_VERSION = 1
/** The newest version of frames whose operations these rules may merge. */
const KNOWN_FRAME_VERSION = 1

// Named here and not read from the schemas: threads that only read would load the whole of the schema library.
const kindsKnown: Record<OperationKind, true> = {
  'asset.added': true,
  'asset.facts': true,
  'asset.renditions': true,
  'asset.damaged': true,
  'original.custody': true,
  'asset.set': true,
  'tag.added': true,
  'tag.removed': true,
  'name.set': true,
}

/** The catalogue's rules; `kinds` and `version` are for tests that play an older version. */
export function createRules(
  kinds: readonly OperationKind[] = Object.keys(kindsKnown) as OperationKind[],
  version: number = RULES_VERSION,
): Rules {
  const known = new Set<string>(kinds)
  return {
    version,
    frameVersion: KNOWN_FRAME_VERSION,
    knows: (operation): operation is Operation => known.has(operation.kind),
    merge,
  }
}

function merge(state: CatalogueState, operation: Operation, written: Written): AssetId | null {
  if (operation.kind === 'name.set') {
    const current = state.name(operation.of, operation.id)
    const name = mergeName(current, operation, written)
    if (name !== current) state.putName(name)
    return null
  }
  const id = operation.kind === 'asset.added' ? assetIdOf(fromHex(operation.sha256)) : operation.asset
  const asset = state.asset(id) ?? emptyAssetState(id)
  if (!mergeAsset(asset, operation, written)) return null
  state.putAsset(asset)
  return id
}

function mergeAsset(state: AssetState, operation: Exclude<Operation, { kind: 'name.set' }>, written: Written): boolean {
  switch (operation.kind) {
    case 'asset.added':
      return mergeAdded(state, operation, written)
    case 'asset.facts':
      return mergeFacts(state, operation, written)
    case 'asset.renditions':
      return mergeRenditions(state, operation, written)
    case 'asset.damaged':
      return mergeDamaged(state, operation, written)
    case 'original.custody':
      return mergeCustody(state, operation, written)
    case 'asset.set':
      return mergeRegister(state, operation, written)
    case 'tag.added':
      return mergeTagAdded(state, operation, written)
    case 'tag.removed':
      return mergeTagRemoved(state, operation)
  }
}
