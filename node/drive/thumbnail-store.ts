import type { AssetId } from '../../shared/ids/index.ts'

export interface Thumbnail {
  mime: string
  bytes: Uint8Array
  /** 0 a file's own embedded stand-in, 1 and up rendered by that version of the renderer. A higher one replaces a lower. */
  version: number
}

/** The local copy of every thumbnail, made to be read fast; has no authority: whatever is missing the drive can refill. */
export interface ThumbnailStore {
  /** Whether it began empty, being new or damaged: then a refill is due. */
  readonly created: boolean
  /** A keyed read of tens of microseconds. */
  get(asset: AssetId): Thumbnail | null
  /** Writes many in one transaction; an older version never replaces a newer. Not flushed: the drive has them. */
  put(thumbnails: { asset: AssetId; thumbnail: Thumbnail }[]): void
  /** Of the asked assets, those without a thumbnail of at least `version`. */
  missing(assets: AssetId[], version: number): AssetId[]
  close(): void
}
