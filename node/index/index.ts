export type { AssetIndex, KnownOriginal, Lacking, Names, Page, PlacedRenditions, Totals } from './asset-index.ts'
export { openIndex, type IndexOptions } from './open-index.ts'
