import { assetRecordOf } from '../catalogue/index.ts'
import { searchAssets } from '../search/index.ts'
import type { AssetId } from '../../shared/ids/index.ts'
import type { SearchHit, View } from '../../shared/schema/index.ts'
import type { Bucket } from '../../shared/time/index.ts'
import { createAssetReader } from './asset-reader.ts'
import { faultOf, openForReading } from './database.ts'
import { dumpPage } from './dump.ts'
import { LACKS_FACTS, LACKS_RENDITIONS } from './layout.ts'
import { createListReader } from './list-reader.ts'
import { createTimelineReader } from './timeline-reader.ts'
import { createTotalsReader } from './totals-reader.ts'

const MAX_HITS = 1000

export type IndexReader = ReturnType<typeof createIndexReader>

/** The reading side of the index, on the thread that calls it. The file must have been opened for writing before. */
export function createIndexReader(file: string, ownDevice: string) {
  const db = openForReading(file)
  const timelines = createTimelineReader(db)
  const assets = createAssetReader(db, ownDevice)
  const lists = createListReader(db, ownDevice, assets)
  const totals = createTotalsReader(db)
  const match = db.prepare('SELECT rowid AS n FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT ?')

  const read = {
    timeline: (view: View) => timelines.timeline(view),
    bucket: (view: View, bucket: Bucket) => timelines.bucket(view, bucket),
    asset: (id: AssetId) => assets.record(id),
    assets: (ids: AssetId[]) => ids.slice(0, 1000).flatMap(id => assets.record(id) ?? []),
    assetLines: (view: View | null, after: string | null, limit: number) => lists.lines(view, after, limit),
    damaged: (limit: number, after: string | null) => lists.damaged(limit, after),
    totals: () => totals.totals(),
    names: () => totals.names(),
    withoutRenditions: (limit: number, after: string | null) => lists.lacking(LACKS_RENDITIONS, limit, after),
    withoutFacts: (limit: number, after: string | null) => lists.lacking(LACKS_FACTS, limit, after),
    renditionPlaces: (limit: number, after: string | null) => lists.renditionPlaces(limit, after),
    heldBy: (device: string, limit: number, after: string | null) => lists.heldBy(device, limit, after),
    bySha256s: (sha256s: string[]) => sha256s.map(sha256 => assets.original(sha256)),
    rendition: (id: AssetId, which: 'thumbnail' | 'preview') => assets.rendition(id, which),
    tagAdditions: (ids: AssetId[], tag: string) => assets.tagAdditions(ids, tag),
    unknownIds: (ids: AssetId[]) => ids.filter(id => assets.record(id) === null),
    dumpPage: (cursor: Uint8Array | null) => dumpPage(db, assets, cursor),
    search(query: string, limit: number): SearchHit[] {
      const source = {
        match: (expression: string, most: number) => (match.all(expression, most) as { n: number }[]).map(row => row.n),
        record: (n: number) => {
          const state = assets.stateAt(n)
          return state ? assetRecordOf(state) : null
        },
      }
      return searchAssets(source, query, Math.min(Math.max(1, Math.floor(limit) || 1), MAX_HITS))
    },
    rest: () => db.exec('PRAGMA shrink_memory'),
    close: () => db.close(),
  }
  return withFaults(read, file)
}

/** Turns what SQLite throws into faults that a caller can act on. */
function withFaults<H extends Record<string, (...args: never[]) => unknown>>(handlers: H, file: string): H {
  const wrapped = Object.entries(handlers).map(([name, handler]) => [
    name,
    (...args: never[]) => {
      try {
        return handler(...args)
      } catch (thrown) {
        throw faultOf(thrown, file)
      }
    },
  ])
  return Object.fromEntries(wrapped) as H
}
