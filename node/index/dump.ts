import type { DatabaseSync } from 'node:sqlite'
import { dumpLines, type Deferred, type NameState, type Position } from '../catalogue/index.ts'
import type { AssetReader } from './asset-reader.ts'

/** Rows of the tables made for reading, without the numbers that depend on the order of arrival. */
const DERIVED = [
  `SELECT 'timeline', view, taken, lower(hex(id)), ratio, type, duration, favourite, ready, thumbhash FROM timeline`,
  `SELECT 'bucket', view, bucket, count, ratios FROM bucket`,
  `SELECT 'lacking', what, taken, lower(hex(id)) FROM lacking`,
  `SELECT 'custody', text, lower(hex(id)) FROM custody JOIN label ON label.n = custody.device JOIN asset ON asset.n = custody.n`,
  `SELECT 'total', name, assets, bytes FROM total`,
]
const PAGE = 2000

/** The next lines of a dump after `cursor`: assets by id, then everything else at once. */
export function dumpPage(
  db: DatabaseSync,
  assets: AssetReader,
  cursor: Uint8Array | null,
): { lines: string[]; next: Uint8Array | null } {
  const none = { assets: [], names: [], deferred: [], positions: new Map<string, Position>(), newest: 0 }
  const page = db.prepare('SELECT id, state FROM asset WHERE id > ? ORDER BY id LIMIT ?')
  const rows = page.all(cursor ?? new Uint8Array(0), PAGE) as { id: Uint8Array; state: string }[]
  if (rows.length > 0) {
    const lines = dumpLines({ ...none, assets: rows.map(row => assets.unpack(row.id, row.state)) })
    return { lines: lines.filter(line => line.startsWith('asset ')), next: rows.at(-1)?.id ?? null }
  }
  const names = db.prepare('SELECT kind AS "of", id, name, stamp, device FROM name').all()
  const deferred = db.prepare('SELECT device, seq, reason, stamp, block FROM deferred').all()
  const positions = db.prepare('SELECT device, length, last FROM position').all() as {
    device: string
    length: number
    last: string
  }[]
  const meta = db.prepare(`SELECT value FROM meta WHERE key = 'newest'`).get() as { value: number } | undefined
  const lines = dumpLines({
    assets: [],
    names: names as unknown as NameState[],
    deferred: deferred as unknown as Deferred[],
    positions: new Map(positions.map(({ device, length, last }) => [device, { length, lastBlock: last }])),
    newest: meta?.value ?? 0,
  })
  for (const query of DERIVED) {
    const statement = db.prepare(query)
    statement.setReturnArrays(true)
    lines.push(...(statement.all() as unknown as unknown[][]).map(row => row.join(' ')).sort())
  }
  return { lines, next: null }
}
