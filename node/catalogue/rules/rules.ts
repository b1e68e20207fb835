import { Compile } from 'typebox/compile'
import { assetIdOf, fromHex, type AssetId } from '../../../shared/ids/index.ts'
import {
  FRAME_VERSION,
  operationSchemas,
  type Operation,
  type OperationKind,
  type UnknownOperation,
} from '../../../shared/schema/index.ts'
import { emptyAssetState, type AssetState, type Written } from '../asset-state.ts'
import { type CatalogueState } from '../catalogue-state.ts'
import { mergeCustody } from './custody.ts'
import { mergeAdded, mergeDamaged, mergeFacts, mergeRenditions } from './grow-only.ts'
import { mergeName } from './names.ts'
import { mergeRegister } from './registers.ts'
import { mergeTagAdded, mergeTagRemoved } from './tags.ts'

/** Which operations count and how: one owner and one rule for each datum. */
export interface Rules {
  /** Rises whenever an operation is learned; what was unknown is then replayed. */
  version: number
  /** Frames of a newer version are kept for later as a whole. */
  frameVersion: number
  /** Whether the operation is of a known kind and of the right shape. What is not counts as unknown, and is kept. */
  knows(operation: Operation | UnknownOperation): operation is Operation
  /** Merges one operation; the asset that it changed, or null. */
  merge(state: CatalogueState, operation: Operation, written: Written): AssetId | null
}

/** Raise this with every kind of operation that is added, and whenever the meaning of one changes. */
export const RULES_VERSION = 1

const shapes = new Map(Object.entries(operationSchemas).map(([kind, schema]) => [kind, Compile(schema)]))

/** The catalogue's rules; `kinds` and `version` are for tests that play an older version. */
export function createRules(
  kinds: readonly OperationKind[] = Object.keys(operationSchemas) as OperationKind[],
  version: number = RULES_VERSION,
): Rules {
  const known = new Set<string>(kinds)
  return {
    version,
    frameVersion: FRAME_VERSION,
    knows: (operation): operation is Operation =>
      known.has(operation.kind) && shapes.get(operation.kind)?.Check(operation) === true,
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

function mergeAsset(
  state: AssetState,
  operation: Exclude<Operation, { kind: 'name.set' }>,
  written: Written,
): boolean {
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
