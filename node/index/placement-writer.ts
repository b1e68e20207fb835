import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Bucket } from '../../shared/time/index.ts'
import { LACKS_FACTS, LACKS_RENDITIONS } from './layout.ts'
import type { Placement } from './placement.ts'
import type { Labels } from './state-codec.ts'

/** Keeps the tables made for reading in step with the assets' states. */
export interface PlacementWriter {
  /** Replaces what an asset added to the tables; null: nothing. */
  change(n: number, id: Uint8Array, before: Placement | null, after: Placement | null): void
  /** Writes the counts that the changes add up to, and tells the buckets whose content changed. */
  finish(): Bucket[]
  /** Forgets counts not yet written, after a transaction was undone. */
  reset(): void
}

interface Sums {
  first: number
  second: number
}

export function createPlacementWriter(db: DatabaseSync, labels: Labels): PlacementWriter {
  const add = {
    row: db.prepare('INSERT OR REPLACE INTO timeline VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    lacking: db.prepare('INSERT INTO lacking VALUES (?, ?, ?)'),
    custody: db.prepare('INSERT INTO custody VALUES (?, ?)'),
    words: db.prepare('INSERT INTO search (rowid, words) VALUES (?, ?)'),
    bucket: db.prepare(`INSERT INTO bucket VALUES (?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET count = count + excluded.count, ratios = ratios + excluded.ratios`),
    total: db.prepare(`INSERT INTO total VALUES (?, ?, ?)
      ON CONFLICT DO UPDATE SET assets = assets + excluded.assets, bytes = bytes + excluded.bytes`),
  }
  const remove = {
    row: db.prepare('DELETE FROM timeline WHERE view = ? AND taken = ? AND id = ?'),
    lacking: db.prepare('DELETE FROM lacking WHERE what = ? AND taken = ? AND id = ?'),
    custody: db.prepare('DELETE FROM custody WHERE device = ? AND n = ?'),
    words: db.prepare('DELETE FROM search WHERE rowid = ?'),
    buckets: db.prepare('DELETE FROM bucket WHERE count = 0'),
    totals: db.prepare('DELETE FROM total WHERE assets = 0'),
  }
  /** By view and month, and by name of the total. */
  const bucketSums = new Map<string, Sums>()
  const totalSums = new Map<string, Sums>()
  const touched = new Set<Bucket>()

  function rows(id: Uint8Array, before: Placement | null, after: Placement | null): void {
    const sameRow = before !== null && after !== null && rowKey(before) === rowKey(after)
    for (const view of before?.views ?? []) {
      if (!before || (sameRow && after.views.includes(view))) continue
      remove.row.run(view, before.taken, id)
      sum(bucketSums, `${view} ${before.bucket}`, -1, -before.clamped)
      touched.add(before.bucket)
    }
    for (const view of after?.views ?? []) {
      if (!after || (sameRow && before.views.includes(view))) continue
      const { taken, ratio, isVideo, duration, favourite, ready, thumbhash } = after
      add.row.run(view, taken, id, ratio, Number(isVideo), duration, Number(favourite), Number(ready), thumbhash)
      sum(bucketSums, `${view} ${after.bucket}`, 1, after.clamped)
      touched.add(after.bucket)
    }
  }

  function totals(placement: Placement | null, sign: 1 | -1): void {
    if (!placement) return
    const bytes = sign * placement.bytes
    sum(totalSums, 'all', sign, bytes)
    if (placement.damaged) sum(totalSums, 'damaged', sign, bytes)
    if (placement.trashed) sum(totalSums, 'trashed', sign, bytes)
    if (placement.lacksRenditions) sum(totalSums, 'without-renditions', sign, bytes)
    if (placement.lacksFacts) sum(totalSums, 'without-facts', sign, bytes)
    for (const holder of placement.holders) sum(totalSums, `held:${holder}`, sign, bytes)
  }

  function listed(
    id: Uint8Array,
    what: number,
    before: string | null,
    after: string | null,
    { lacking: insert }: { lacking: StatementSync },
  ): void {
    if (before === after) return
    if (before !== null) remove.lacking.run(what, before, id)
    if (after !== null) insert.run(what, after, id)
  }

  function custody(n: number, before: string[], after: string[]): void {
    for (const device of before) if (!after.includes(device)) remove.custody.run(labels.numberOf(device), n)
    for (const device of after) if (!before.includes(device)) add.custody.run(labels.numberOf(device), n)
  }

  function words(n: number, before: string, after: string): void {
    if (before === after) return
    if (before) remove.words.run(n)
    if (after) add.words.run(n, after)
  }

  return {
    change(n, id, before, after) {
      rows(id, before, after)
      totals(before, -1)
      totals(after, 1)
      listed(id, LACKS_RENDITIONS, lack(before, 'lacksRenditions'), lack(after, 'lacksRenditions'), add)
      listed(id, LACKS_FACTS, lack(before, 'lacksFacts'), lack(after, 'lacksFacts'), add)
      custody(n, before?.holders ?? [], after?.holders ?? [])
      words(n, before?.words ?? '', after?.words ?? '')
    },
    finish() {
      for (const [key, { first, second }] of bucketSums) {
        const [view, bucket] = key.split(' ')
        if (first !== 0 || second !== 0) add.bucket.run(Number(view), bucket ?? '', first, second)
      }
      if (bucketSums.size > 0) remove.buckets.run()
      for (const [name, { first, second }] of totalSums)
        if (first !== 0 || second !== 0) add.total.run(name, first, second)
      if (totalSums.size > 0) remove.totals.run()
      const buckets = [...touched]
      this.reset()
      return buckets
    },
    reset() {
      bucketSums.clear()
      totalSums.clear()
      touched.clear()
    },
  }
}

/** All that a timeline row says of an asset, without the view. */
function rowKey({ taken, ratio, isVideo, duration, favourite, ready, thumbhash }: Placement): string {
  return `${taken} ${ratio} ${isVideo} ${duration} ${favourite} ${ready} ${thumbhash}`
}

function lack(placement: Placement | null, what: 'lacksRenditions' | 'lacksFacts'): string | null {
  return placement?.[what] ? placement.taken : null
}

function sum(sums: Map<string, Sums>, key: string, first: number, second: number): void {
  const found = sums.get(key)
  if (found) {
    found.first += first
    found.second += second
  } else sums.set(key, { first, second })
}
