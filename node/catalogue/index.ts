export { applyBlocks, type DecodeFrame } from './apply-blocks.ts'
export { assetRecordOf } from './asset-record.ts'
export type { AssetState, Register, Registers, Written } from './asset-state.ts'
export type { CatalogueState, Deferred, Position } from './catalogue-state.ts'
export { createMemoryState, dumpLines } from './memory-state.ts'
export type { Changes, LogBlock, Projection } from './projection.ts'
export type { NameState } from './rules/names.ts'
export { createRules, type Rules } from './rules/rules.ts'
export {
  clampedRatio,
  conditionOf,
  damageOf,
  descriptionOf,
  holdersOf,
  isSet,
  isShown,
  ratioOf,
  reachedVersions,
  tagAdditionsOf,
  tagsOf,
  takenAtOf,
  viewsOf,
} from './shown.ts'
export { createCatalogue, type Catalogue, type CatalogueParts } from './catalogue.ts'
export type { CatchUpOptions } from './catch-up.ts'
