import { type AssetIndex } from './asset-index.ts'

export interface IndexOptions {
  /** Path of the SQLite file; its folder exists. SQLite keeps two more files beside it. */
  file: string
  ownDevice: string
  /** What `withoutRenditions` and `withoutFacts` measure by: the versions that media makes. */
  renditionVersion: number
  factsVersion: number
}

/**
 * Opens the index, or makes an empty one where there is none, where its layout is of another version, or where it is
 * damaged: then `positions()` is empty, and the catalogue fills it from the logs.
 */
export declare function openIndex(options: IndexOptions): Promise<AssetIndex>
