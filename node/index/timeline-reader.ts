import type { DatabaseSync } from 'node:sqlite'
import type { Timeline, View } from '../../shared/schema/index.ts'
import type { Bucket } from '../../shared/time/index.ts'
import { viewNumbers } from './layout.ts'

/** Reads the timeline, as the JSON bytes that HTTP sends. */
export interface TimelineReader {
  timeline(view: View): Uint8Array
  bucket(view: View, bucket: Bucket): Uint8Array
}

// SQLite writes the columns itself: a third of the time that it takes to bring every row over and print it here.
const COLUMNS = `SELECT
  json_group_array(lower(hex(id))) AS id, json_group_array(taken) AS takenAt,
  group_concat(ratio / 1000.0) AS ratio, json_group_array(iif(type, 'video', 'photo')) AS type,
  json_group_array(duration) AS durationMs, group_concat(iif(favourite, 'true', 'false')) AS favourite,
  json_group_array(thumbhash) AS thumbhash, group_concat(iif(ready, 'true', 'false')) AS ready
  FROM (SELECT * FROM timeline WHERE view = ? AND taken >= ? AND taken < ? ORDER BY taken DESC, id DESC)`

export function createTimelineReader(db: DatabaseSync): TimelineReader {
  const buckets = db.prepare('SELECT bucket, count, ratios FROM bucket WHERE view = ? ORDER BY bucket DESC')
  const columns = db.prepare(COLUMNS)
  return {
    timeline(view) {
      const rows = buckets.all(viewNumbers[view]) as { bucket: string; count: number; ratios: number }[]
      const timeline: Timeline = {
        view,
        total: rows.reduce((sum, { count }) => sum + count, 0),
        buckets: rows.map(({ bucket, count, ratios }) => ({ bucket, count, ratioSum: ratios / 1000 })),
      }
      return Buffer.from(JSON.stringify(timeline))
    },
    bucket(view, bucket) {
      // A month's date-times start with its bucket and a hyphen; a full stop is the sign after the hyphen.
      const row = columns.get(viewNumbers[view], `${bucket}-`, `${bucket}.`) as Record<string, string | null>
      const text = (column: string) => `"${column}":${row[column]}`
      const list = (column: string) => `"${column}":[${row[column] ?? ''}]`
      const parts = [text('id'), text('takenAt'), list('ratio'), text('type'), text('durationMs')]
      parts.push(list('favourite'), text('thumbhash'), list('ready'))
      return Buffer.from(`{"bucket":${JSON.stringify(bucket)},${parts.join(',')}}`)
    },
  }
}
