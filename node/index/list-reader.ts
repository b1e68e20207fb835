import type { DatabaseSync } from 'node:sqlite'
import { assetRecordOf, isShown, takenAtOf } from '../catalogue/index.ts'
import type { AssetId } from '../../shared/ids/index.ts'
import type { AssetRecord, View } from '../../shared/schema/index.ts'
import type { Lacking, Page, PlacedRenditions } from './asset-index.ts'
import type { AssetReader } from './asset-reader.ts'
import { readNumberCursor, readTimelineCursor, writeTimelineCursor } from './cursor.ts'
import { viewNumbers } from './layout.ts'
import { idOf } from './sqlite-state.ts'

/** A page at most, so that no call holds the thread for long. */
const MAX_PAGE = 5000
/** Rows that one call looks at where most do not belong to the list. */
const MAX_LOOK = 50_000

/** Reads long lists, a page at a time. */
export interface ListReader {
  lines(view: View | null, after: string | null, limit: number): { lines: Uint8Array; next: string | null }
  damaged(limit: number, after: string | null): Page<AssetRecord>
  lacking(what: number, limit: number, after: string | null): Page<Lacking>
  renditionPlaces(limit: number, after: string | null): Page<PlacedRenditions>
  heldBy(device: string, limit: number, after: string | null): Page<{ id: AssetId; sha256: string; bytes: number }>
}

interface Row {
  n: number
  id: Uint8Array
  state: string
}

export function createListReader(db: DatabaseSync, ownDevice: string, assets: AssetReader): ListReader {
  const ofView = db.prepare(`SELECT taken AS at, asset.id, state FROM timeline JOIN asset ON asset.id = timeline.id
    WHERE view = ? AND (taken, timeline.id) < (?, ?) ORDER BY taken DESC, timeline.id DESC LIMIT ?`)
  const all = db.prepare('SELECT n, id, state FROM asset WHERE n > ? ORDER BY n LIMIT ?')
  // A state that tells of damage has the field `d`; a quote within a text is escaped, so no text can pass for it.
  const hurt = db.prepare(`SELECT n, id, state FROM asset WHERE n < ? AND n >= ? AND instr(state, '"d":[') > 0
    ORDER BY n DESC LIMIT ?`)
  const newest = db.prepare('SELECT coalesce(max(n), 0) AS n FROM asset')
  const lacks = db.prepare(`SELECT taken AS at, asset.id, state FROM lacking JOIN asset ON asset.id = lacking.id
    WHERE what = ? AND (taken, lacking.id) < (?, ?) ORDER BY taken DESC, lacking.id DESC LIMIT ?`)
  const held = db.prepare(`SELECT asset.n, asset.id, state FROM custody JOIN asset ON asset.n = custody.n
    WHERE custody.device = (SELECT n FROM label WHERE text = ?) AND custody.n > ? ORDER BY custody.n LIMIT ?`)

  function numbered<T>(rows: Row[], limit: number, entryOf: (row: Row) => T | null): Page<T> {
    const entries = rows.map(entryOf).filter(entry => entry !== null)
    return { entries, next: rows.length < limit ? null : String(rows.at(-1)?.n ?? 0) }
  }

  function linesOf(rows: { id: Uint8Array; state: string }[]): Uint8Array {
    let text = ''
    for (const row of rows) {
      const record = assetRecordOf(assets.unpack(row.id, row.state))
      if (record) text += `${JSON.stringify(record)}\n`
    }
    return Buffer.from(text)
  }

  return {
    lines(view, after, limit) {
      limit = bounded(limit)
      if (view === null) {
        const rows = all.all(readNumberCursor(after), limit) as unknown as Row[]
        return { lines: linesOf(rows), next: rows.length < limit ? null : String(rows.at(-1)?.n ?? 0) }
      }
      const { taken, id } = readTimelineCursor(after)
      const rows = ofView.all(viewNumbers[view], taken, id, limit) as unknown as (Row & { at: string })[]
      return { lines: linesOf(rows), next: nextOf(rows, limit) }
    },
    damaged(limit, after) {
      limit = bounded(limit)
      const before = after === null ? (newest.get() as { n: number }).n + 1 : readNumberCursor(after)
      const end = before - MAX_LOOK
      const rows = hurt.all(before, end, limit) as unknown as Row[]
      const entries = rows.flatMap(row => {
        const record = assetRecordOf(assets.unpack(row.id, row.state))
        return record?.state === 'damaged' ? [record] : []
      })
      const last = rows.length < limit ? end : (rows.at(-1)?.n ?? end)
      return { entries, next: last <= 1 ? null : String(last) }
    },
    lacking(what, limit, after) {
      limit = bounded(limit)
      const cursor = readTimelineCursor(after)
      const rows = lacks.all(what, cursor.taken, cursor.id, limit) as unknown as (Row & { at: string })[]
      const entries = rows.flatMap((row): Lacking[] => {
        const state = assets.unpack(row.id, row.state)
        if (!isShown(state)) return []
        const { sha256, type, mime, fileName } = state.added
        const here = state.custody.get(ownDevice)?.state === 'held'
        return [{ id: state.id, sha256, type, mime, fileName, takenAt: takenAtOf(state), held: here }]
      })
      return { entries, next: nextOf(rows, limit) }
    },
    renditionPlaces(limit, after) {
      limit = bounded(limit)
      const rows = all.all(readNumberCursor(after), limit) as unknown as Row[]
      return numbered(rows, limit, row => {
        const { id, renditions } = assets.unpack(row.id, row.state)
        if (!renditions) return null
        const { version, thumbnail, preview } = renditions
        return { id, version, thumbnail, preview }
      })
    },
    heldBy(device, limit, after) {
      limit = bounded(limit)
      const rows = held.all(device, readNumberCursor(after), limit) as unknown as Row[]
      return numbered(rows, limit, row => {
        const { id, added } = assets.unpack(row.id, row.state)
        return added && { id, sha256: added.sha256, bytes: added.bytes }
      })
    },
  }
}

function bounded(limit: number): number {
  return Math.min(Math.max(1, Math.floor(limit) || 1), MAX_PAGE)
}

function nextOf(rows: { at: string; id: Uint8Array }[], limit: number): string | null {
  const last = rows.at(-1)
  return !last || rows.length < limit ? null : writeTimelineCursor(last.at, idOf(last.id))
}
