export { type AssetIndex, type KnownOriginal, type Lacking, type Names, type Page, type PlacedRenditions, type Totals } from './asset-index.ts'
export { openIndex, type IndexOptions } from './open-index.ts'
