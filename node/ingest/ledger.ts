import { renameSync, rmSync } from 'node:fs'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { errorMessage, HomerollError } from '../../shared/errors/index.ts'
import type { AssetId } from '../../shared/ids/index.ts'
import type { ImportFailure } from '../../shared/schema/index.ts'

/** What became of one file of an import. */
export interface LedgerFile {
  path: string
  outcome: 'imported' | 'duplicate' | 'failed'
  bytes: number
  asset: AssetId | null
  code: string | null
  message: string | null
}

export interface LedgerImport {
  id: string
  paths: string[]
  inPlace: boolean
  /** Made by a watched folder, not asked for by a person. */
  quiet: boolean
  state: 'open' | 'stopped' | 'done'
  startedAt: string
  finishedAt: string | null
}

export interface Counts {
  imported: number
  duplicates: number
  failed: number
  bytes: number
  /** Imported, and pictures made or found damaged. */
  rendered: number
}

/** Assets whose original this device has told the family it misses. */
export interface Absences {
  has(asset: AssetId): boolean
  add(asset: AssetId): void
  remove(asset: AssetId): void
}

/**
 * What imports have done so far, in a local SQLite file: lets an import go on where it was after any kind of stop, and
 * tells afterwards what failed and why. It has no authority over photos: losing it costs a second look at the files. What
 * changes it may throw `disk-full`.
 */
export interface Ledger {
  begin(entry: Omit<LedgerImport, 'state' | 'finishedAt'>): void
  setState(id: string, state: LedgerImport['state'], finishedAt: string | null): void
  imports(): LedgerImport[]
  /** Paths of an import that need not be looked at again. */
  isDone(id: string, path: string): boolean
  record(id: string, file: LedgerFile): void
  /** Forgets the failures that another try may mend; files found damaged stay. */
  forgetFailures(id: string): void
  /** The asset has its pictures, or turned out damaged: then its files count as failed. Returns the imports concerned. */
  rendered(asset: AssetId, problem: { code: string; message: string } | null): string[]
  counts(id: string): Counts
  failures(id: string, limit: number): ImportFailure[]
  /** Imported, but not rendered so far: after an asset (null: from the first), in order. */
  unrendered(id: string, after: AssetId | null, limit: number): AssetId[]
  /** Forgets an import as if it had never been. */
  forget(id: string): void
  /** Keeps the counts and failures of a finished import, and forgets finished ones beyond the newest `keep`. */
  finish(id: string, keep: number): void
  /** Forgets up to `limit` successes of finished imports; false when there are none left. Called again until then. */
  tidy(limit: number): boolean
  absences: Absences
  close(): void
}

const SCHEMA = `
CREATE TABLE IF NOT EXISTS imports (
  id TEXT PRIMARY KEY, paths TEXT NOT NULL, in_place INTEGER NOT NULL, quiet INTEGER NOT NULL, state TEXT NOT NULL,
  started_at TEXT NOT NULL, finished_at TEXT, counts TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (
  import TEXT NOT NULL, path TEXT NOT NULL, outcome TEXT NOT NULL, bytes INTEGER NOT NULL, asset TEXT, code TEXT,
  message TEXT, rendered INTEGER NOT NULL, PRIMARY KEY (import, path)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS absences (asset TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS files_asset ON files (asset) WHERE asset IS NOT NULL;
`

type Row = Record<string, string | number | null>

const SQLITE_FULL = 13
const SQLITE_CORRUPT = 11
const SQLITE_NOTADB = 26

function sqliteCode(thrown: unknown): number {
  const code = (thrown as { errcode?: unknown } | null)?.errcode
  return typeof code === 'number' ? code & 0xff : 0
}

function openDatabase(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: 5000 })
  try {
    // Losing the last moments costs a second look at some files, so no commit waits for the disk; many short
    // checkpoints, since they flush on this thread.
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -2000')
    db.exec('PRAGMA wal_autocheckpoint = 256')
    db.exec(SCHEMA)
    return db
  } catch (thrown) {
    db.close()
    throw thrown
  }
}

/** A damaged file is set aside and begun anew: it must not keep the photos from their family. */
function openOrRenew(file: string): DatabaseSync {
  try {
    return openDatabase(file)
  } catch (thrown) {
    if (![SQLITE_CORRUPT, SQLITE_NOTADB].includes(sqliteCode(thrown))) throw thrown
    renameSync(file, `${file}.damaged-${Date.now()}`)
    for (const tail of ['-wal', '-shm']) rmSync(file + tail, { force: true })
    return openDatabase(file)
  }
}

export function openLedger(file: string): Ledger {
  const db = openOrRenew(file)

  function run(statement: StatementSync, ...values: SQLInputValue[]): void {
    try {
      statement.run(...values)
    } catch (cause) {
      if (sqliteCode(cause) !== SQLITE_FULL) {
        throw new HomerollError('ledger-failed', `${file} could not be written: ${errorMessage(cause)}`, { cause })
      }
      const message = `the disk that holds ${file} is full: free some space (nothing that was stored is lost)`
      throw new HomerollError('disk-full', message, { status: 507, cause })
    }
  }

  const begin = db.prepare(
    "INSERT INTO imports (id, paths, in_place, quiet, state, started_at) VALUES (?, ?, ?, ?, 'open', ?) ON CONFLICT DO NOTHING",
  )
  const setState = db.prepare('UPDATE imports SET state = ?, finished_at = ? WHERE id = ?')
  const imports = db.prepare('SELECT * FROM imports ORDER BY started_at')
  const isDone = db.prepare('SELECT 1 FROM files WHERE import = ? AND path = ?')
  const record = db.prepare(
    'INSERT OR REPLACE INTO files (import, path, outcome, bytes, asset, code, message, rendered) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const concerned = db.prepare(
    "SELECT DISTINCT import FROM files WHERE asset = ? AND outcome = 'imported' AND rendered = 0",
  )
  const markReady = db.prepare("UPDATE files SET rendered = 1 WHERE asset = ? AND outcome = 'imported'")
  const markDamaged = db.prepare(
    "UPDATE files SET rendered = 1, outcome = 'failed', code = ?, message = path || ': ' || ? WHERE asset = ? AND outcome = 'imported'",
  )
  const forgetFailures = db.prepare("DELETE FROM files WHERE import = ? AND outcome = 'failed' AND asset IS NULL")
  const kept = db.prepare('SELECT counts FROM imports WHERE id = ?')
  const tally = db.prepare(
    'SELECT outcome, COUNT(*) AS n, SUM(bytes) AS bytes, SUM(rendered) AS rendered FROM files WHERE import = ? GROUP BY outcome',
  )
  const failures = db.prepare("SELECT path, code, message FROM files WHERE import = ? AND outcome = 'failed' LIMIT ?")
  const unrendered = db.prepare(
    "SELECT DISTINCT asset FROM files WHERE import = ? AND outcome = 'imported' AND rendered = 0 AND asset > ? ORDER BY asset LIMIT ?",
  )
  const forgetFiles = db.prepare('DELETE FROM files WHERE import = ?')
  const forgetImport = db.prepare('DELETE FROM imports WHERE id = ?')
  const keepCounts = db.prepare('UPDATE imports SET counts = ? WHERE id = ?')
  const finishedBefore = db.prepare(
    "SELECT id FROM imports WHERE state = 'done' AND quiet = 0 ORDER BY started_at DESC LIMIT -1 OFFSET ?",
  )
  const forgetSuccesses = db.prepare(`DELETE FROM files WHERE (import, path) IN (
    SELECT import, path FROM files JOIN imports ON imports.id = import
    WHERE counts IS NOT NULL AND outcome != 'failed' LIMIT ?)`)
  const hasAbsence = db.prepare('SELECT 1 FROM absences WHERE asset = ?')
  const addAbsence = db.prepare('INSERT OR IGNORE INTO absences (asset) VALUES (?)')
  const removeAbsence = db.prepare('DELETE FROM absences WHERE asset = ?')

  function counts(id: string): Counts {
    const stored = (kept.get(id) as Row | undefined)?.counts
    if (typeof stored === 'string') return JSON.parse(stored) as Counts
    const sum: Counts = { imported: 0, duplicates: 0, failed: 0, bytes: 0, rendered: 0 }
    for (const row of tally.all(id) as Row[]) {
      const n = Number(row.n)
      if (row.outcome === 'imported') sum.imported = n
      else if (row.outcome === 'duplicate') sum.duplicates = n
      else sum.failed = n
      sum.bytes += Number(row.bytes)
      sum.rendered += Number(row.rendered)
    }
    return sum
  }

  function forget(id: string): void {
    run(forgetFiles, id)
    run(forgetImport, id)
  }

  return {
    begin({ id, paths, inPlace, quiet, startedAt }) {
      run(begin, id, JSON.stringify(paths), Number(inPlace), Number(quiet), startedAt)
    },
    setState(id, state, finishedAt) {
      run(setState, state, finishedAt, id)
    },
    imports: () =>
      (imports.all() as Row[]).map(row => ({
        id: String(row.id),
        paths: JSON.parse(String(row.paths)) as string[],
        inPlace: row.in_place === 1,
        quiet: row.quiet === 1,
        state: row.state as LedgerImport['state'],
        startedAt: String(row.started_at),
        finishedAt: row.finished_at === null ? null : String(row.finished_at),
      })),
    isDone: (id, path) => isDone.get(id, path.toWellFormed()) !== undefined,
    record(id, { path, outcome, bytes, asset, code, message }) {
      run(record, id, path.toWellFormed(), outcome, bytes, asset, code, message?.toWellFormed() ?? null, 0)
    },
    forgetFailures(id) {
      run(forgetFailures, id)
    },
    rendered(asset, problem) {
      const ids = (concerned.all(asset) as Row[]).map(row => String(row.import))
      if (ids.length > 0) {
        if (problem) run(markDamaged, problem.code, problem.message, asset)
        else run(markReady, asset)
      }
      return ids
    },
    counts,
    failures: (id, limit) =>
      (failures.all(id, limit) as Row[]).map(row => ({
        path: String(row.path),
        code: String(row.code),
        message: String(row.message),
      })),
    unrendered: (id, after, limit) => (unrendered.all(id, after ?? '', limit) as Row[]).map(row => String(row.asset)),
    forget,
    finish(id, keep) {
      run(keepCounts, JSON.stringify(counts(id)), id)
      for (const row of finishedBefore.all(keep) as Row[]) forget(String(row.id))
    },
    tidy(limit) {
      run(forgetSuccesses, limit)
      const { changes } = db.prepare('SELECT changes() AS changes').get() as { changes: number }
      return changes > 0
    },
    absences: {
      has: asset => hasAbsence.get(asset) !== undefined,
      add: asset => run(addAbsence, asset),
      remove: asset => run(removeAbsence, asset),
    },
    close: () => db.close(),
  }
}
