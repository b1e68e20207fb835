import type { Projection } from '../catalogue/index.ts'
import type { AssetId } from '../../shared/ids/index.ts'
import type { AssetRecord, RenditionPlace, SearchHit, View } from '../../shared/schema/index.ts'
import type { Bucket } from '../../shared/time/index.ts'

/** How a name of the household, of a device (by device id) or of a member (by member id) reads. */
export interface Names {
  household: Record<string, string>
  device: Record<string, string>
  member: Record<string, string>
}

/** Counts over everything, kept as it changes: cheap to ask. */
export interface Totals {
  /** Assets in any state, trash and archive included. */
  assets: number
  /** Of their originals. */
  bytes: number
  damaged: number
  trashed: number
  /** Assets that want renditions or facts of the versions given at opening; damaged ones do not. */
  withoutRenditions: number
  withoutFacts: number
  /** Originals that the device says it holds, by device. */
  held: Record<string, { assets: number; bytes: number }>
  /** Blocks that wait: stamped too far ahead, of a newer version, or not readable. */
  heldBack: number
  unknown: number
  invalid: number
}

/** An asset that lacks something. */
export interface Lacking {
  id: AssetId
  /** Hexadecimal, 64 digits. */
  sha256: string
  type: 'photo' | 'video'
  mime: string
  fileName: string
  /** As shown now: local date-time. */
  takenAt: string
  /** Whether this device says it holds the original. */
  held: boolean
}

/** What the catalogue knows of an original's content. */
export interface KnownOriginal {
  id: AssetId
  state: 'pending' | 'ready' | 'damaged'
  problem: { code: string; message: string } | null
  /** Whether this device says it holds the original. */
  held: boolean
  trashed: boolean
}

/** Where an asset's pictures lie, for filling a thumbnail store anew. */
export interface PlacedRenditions {
  id: AssetId
  version: number
  thumbnail: RenditionPlace
  preview: RenditionPlace
}

/** A page of a longer list; `next` goes on after it, null at the end. */
export interface Page<T> {
  entries: T[]
  next: string | null
}

/**
 * The index: the catalogue as SQLite, in threads of its own, asked by everything that reads. It has no authority; its
 * file may be deleted and is filled again from the logs. Reads see all that was applied before them. Faults:
 * `index-damaged` (rebuild it), `disk-full`. A cursor that is not ours is refused with `bad-cursor`.
 */
export interface AssetIndex extends Projection {
  /** JSON bytes of a `Timeline`. */
  timeline(view: View): Promise<Uint8Array>
  /** JSON bytes of `BucketColumns`; empty columns for a month without assets. */
  bucket(view: View, bucket: Bucket): Promise<Uint8Array>
  asset(id: AssetId): Promise<AssetRecord | null>
  /** Assets by id, in the order asked, unknown ones left out; at most 1,000. */
  assets(ids: AssetId[]): Promise<AssetRecord[]>
  /**
   * Newline-delimited JSON of `AssetRecord`: a view newest first, or with null every asset there is (damaged, hidden
   * and trashed ones too) in the order they came. At most `limit` (1 to 5,000) lines a page.
   */
  assetLines(
    view: View | null,
    after: string | null,
    limit: number,
  ): Promise<{ lines: Uint8Array; next: string | null }>
  /** Damaged assets, those that came last first, trashed and hidden ones too. A page may be short, or empty, before the end. */
  damaged(limit: number, after: string | null): Promise<Page<AssetRecord>>
  /** Ranked, best first; trashed and hidden assets are left out. `limit` 1 to 1,000. Any text is a valid query. */
  search(query: string, limit: number): Promise<SearchHit[]>
  totals(): Promise<Totals>
  /** Newest first; `limit` 1 to 5,000. */
  withoutRenditions(limit: number, after: string | null): Promise<Page<Lacking>>
  withoutFacts(limit: number, after: string | null): Promise<Page<Lacking>>
  /** For each hexadecimal SHA-256, what is known of it or null; at most 10,000. */
  bySha256s(sha256s: string[]): Promise<(KnownOriginal | null)[]>
  /** Null while not rendered. */
  rendition(id: AssetId, which: 'thumbnail' | 'preview'): Promise<RenditionPlace | null>
  renditionPlaces(limit: number, after: string | null): Promise<Page<PlacedRenditions>>
  /** Originals that a device says it holds. */
  heldBy(
    device: string,
    limit: number,
    after: string | null,
  ): Promise<Page<{ id: AssetId; sha256: string; bytes: number }>>
  names(): Promise<Names>
  /** For each asset with the tag, the additions that `tag.removed` must name in `seen`. At most 10,000 ids. */
  tagAdditions(ids: AssetId[], tag: string): Promise<Record<AssetId, { stamp: number; device: string }[]>>
  /** Of the ids, those that no asset has. At most 10,000. */
  unknownIds(ids: AssetId[]): Promise<AssetId[]>
  /** Everything merged, as lines in one order: two indexes of the same operations give the same. For checks, not speed. */
  dump(): AsyncIterable<string>
  close(): Promise<void>
}
