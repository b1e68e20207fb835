import { rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { HomerollError } from '../../shared/errors/index.ts'
import { APPLICATION_ID, LAYOUT, LAYOUT_VERSION } from './layout.ts'

/** Page cache of each connection, KiB: bounds the memory, whatever the number of assets. */
const WRITER_CACHE = 48 * 1024
const READER_CACHE = 12 * 1024
/** Pages that the write-ahead log gathers before they move into the file: a page changed often moves once. */
const CHECKPOINT_PAGES = 8192
/** How long a connection waits for another's lock. */
const BUSY_MS = 10_000
const JOURNAL_LIMIT = 64 * 1024 * 1024

/** Opens the file for the one writer; where it is not ours, of another layout or damaged, puts an empty one in its place. */
export function openForWriting(file: string): DatabaseSync {
  try {
    const current = openCurrent(file)
    if (current) return current
    removeDatabase(file)
    const db = new DatabaseSync(file, { timeout: BUSY_MS })
    configure(db)
    db.exec(`BEGIN; ${LAYOUT} COMMIT`)
    return db
  } catch (thrown) {
    throw faultOf(thrown, file)
  }
}

/** Removes only what we made: the index, and the two files that SQLite keeps beside it. No connection may be open. */
export function removeDatabase(file: string): void {
  for (const path of [`${file}-wal`, `${file}-shm`, file]) rmSync(path, { force: true })
}

/** Null where there is nothing to go on with. */
function openCurrent(file: string): DatabaseSync | null {
  let db: DatabaseSync | null = null
  let current = false
  try {
    db = new DatabaseSync(file, { timeout: BUSY_MS })
    current = isCurrent(db, file)
    if (current) configure(db)
    return current ? db : null
  } catch (thrown) {
    current = false
    if (isDamage(thrown)) return null
    throw thrown
  } finally {
    if (!current) db?.close()
  }
}

function configure(db: DatabaseSync): void {
  // NORMAL: a power cut may take the last transactions, which the logs still hold, but never damages the file.
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -${WRITER_CACHE}; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
    PRAGMA journal_size_limit = ${JOURNAL_LIMIT}; PRAGMA trusted_schema = OFF`)
}

function isCurrent(db: DatabaseSync, file: string): boolean {
  const { application_id: id } = db.prepare('PRAGMA application_id').get() as { application_id: number }
  const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number }
  const { tables } = db.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() as { tables: number }
  // Our name and our tables come in one transaction: tables without the name are somebody else's.
  if (id !== APPLICATION_ID && (id !== 0 || tables > 0)) {
    const message = `another program made the database ${file}: name another file for the index, or move this one away`
    throw new HomerollError('not-an-index', message)
  }
  if (id === 0 || version !== LAYOUT_VERSION) return false
  // Reads the schema and the first pages of the tables that a start needs: enough to notice a file that is no database.
  for (const table of ['meta', 'position', 'total', 'bucket', 'label', 'lacking', 'timeline', 'custody'])
    db.prepare(`SELECT count(*) FROM (SELECT 1 FROM ${table} LIMIT 1000)`).get()
  db.prepare('SELECT max(n) FROM asset').get()
  db.prepare(`SELECT rowid FROM search WHERE search MATCH 'x' LIMIT 1`).get()
  return true
}

export function openForReading(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { readOnly: true, timeout: BUSY_MS })
  db.exec(`PRAGMA temp_store = MEMORY; PRAGMA cache_size = -${READER_CACHE}; PRAGMA trusted_schema = OFF`)
  return db
}

const SQLITE_CORRUPT = 11
const SQLITE_FULL = 13
const SQLITE_NOTADB = 26

function primaryCode(thrown: unknown): number | null {
  const code = (thrown as { errcode?: unknown } | null)?.errcode
  return typeof code === 'number' ? code & 0xff : null
}

function isDamage(thrown: unknown): boolean {
  const code = primaryCode(thrown)
  // 1: a table or column is not there, though the file says that it has our layout.
  return code === SQLITE_CORRUPT || code === SQLITE_NOTADB || code === 1
}

/** The fault that a caller can act on, of whatever SQLite threw. */
export function faultOf(thrown: unknown, file: string): unknown {
  const code = primaryCode(thrown)
  if (code === SQLITE_FULL) {
    return new HomerollError('disk-full', `no room to write the index ${file}: free some space`, {
      status: 507,
      cause: thrown,
    })
  }
  if (code === SQLITE_CORRUPT || code === SQLITE_NOTADB) {
    return new HomerollError('index-damaged', `the index ${file} is damaged: rebuild it from the logs`, {
      cause: thrown,
    })
  }
  return thrown
}
