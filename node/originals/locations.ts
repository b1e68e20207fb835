import { randomBytes } from 'node:crypto'
import { open, rename, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { errorMessage, HomerollError } from '../../shared/errors/index.ts'
import { flushFolder } from '../platform/index.ts'
import { storeFault } from './faults.ts'
import { locationSchema } from './location-schema.ts'

/**
 * The file that says where originals lie. It has no authority: what it says is checked against the files, and for
 * copies `rescan` writes it anew.
 */
export interface Locations {
  /** `replaced`: the file was damaged and lies beside under another name; like `created`, a reason to rescan. */
  readonly state: 'existing' | 'created' | 'replaced'
  /** Names this file's own leftovers among those of others. */
  readonly id: string
  /** A prepared statement, kept. */
  statement: (sql: string) => StatementSync
  /** Changes the file; what SQLite refuses becomes `disk-full` or `store-failed`. Durable only after `flush`. */
  change: <T>(work: () => T) => T
  /** Resolves once all that was changed before the call is on the disk; callers at one time share one flush. */
  flush: () => Promise<void>
  close(): Promise<void>
}

/** Opens or makes the file. Fault: `store-failed`. */
export async function openLocations(path: string): Promise<Locations> {
  let opened: { db: DatabaseSync; wal: boolean }
  let state: Locations['state']
  const there = await open(path, 'r').then(
    file => file.close().then(() => true),
    () => false,
  )
  try {
    opened = openDatabase(path)
    state = there ? 'existing' : 'created'
  } catch (cause) {
    if (!isDamaged(cause)) throw storeFault(path, cause)
    await setAside(path)
    opened = openDatabase(path)
    state = 'replaced'
  }
  const { db, wal } = opened
  // SQLite would flush on the calling thread at every commit. Instead commits only append to the write-ahead log, and
  // that file is flushed from here, off the main thread, before anything is acknowledged: the same promise, shared by
  // all who commit at one time. (Checkpoints flush by themselves.)
  const log = wal ? await open(`${path}-wal`, 'r+') : null
  await flushFolder(dirname(path))

  const statements = new Map<string, StatementSync>()
  const statement = (sql: string) => {
    let prepared = statements.get(sql)
    if (!prepared) statements.set(sql, (prepared = db.prepare(sql)))
    return prepared
  }
  const change = <T>(work: () => T): T => {
    try {
      db.exec('BEGIN IMMEDIATE')
      const result = work()
      db.exec('COMMIT')
      return result
    } catch (cause) {
      if (db.isTransaction) db.exec('ROLLBACK')
      throw storeFault(path, cause)
    }
  }
  return {
    state,
    id: idOf(db),
    statement,
    change,
    flush: createFlush(path, log),
    async close() {
      await log?.close()
      db.close()
    },
  }
}

function openDatabase(path: string) {
  const db = new DatabaseSync(path, { timeout: 5000 })
  try {
    const mode = db.prepare('PRAGMA journal_mode = WAL').get() as { journal_mode: string }
    const wal = mode.journal_mode === 'wal'
    // Some network file systems cannot share memory and so have no write-ahead log: there each commit flushes.
    db.exec(wal ? 'PRAGMA synchronous = NORMAL' : 'PRAGMA synchronous = FULL')
    db.exec(locationSchema)
    // A first write, so that the write-ahead log exists.
    db.prepare("INSERT INTO setting VALUES ('id', ?) ON CONFLICT DO NOTHING").run(randomBytes(4).toString('hex'))
    db.exec("INSERT OR REPLACE INTO setting VALUES ('opened', datetime())")
    return { db, wal }
  } catch (cause) {
    db.close()
    throw cause
  }
}

/** One flush runs at a time; those who come meanwhile wait for the next, which covers them all. */
function createFlush(path: string, log: FileHandle | null): () => Promise<void> {
  let running: Promise<void> = Promise.resolve()
  let next: Promise<void> | null = null
  return () => {
    if (!log) return Promise.resolve()
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = null
        running = log.sync().catch((cause: unknown) => {
          throw storeFault(path, cause)
        })
        return running
      })
    return next
  }
}

function idOf(db: DatabaseSync): string {
  const row = db.prepare("SELECT value FROM setting WHERE name = 'id'").get() as { value: string }
  return row.value
}

const SQLITE_CORRUPT = 11
const SQLITE_NOTADB = 26

function isDamaged(cause: unknown): boolean {
  const code = (cause as { errcode?: unknown } | null)?.errcode
  return typeof code === 'number' && [SQLITE_CORRUPT, SQLITE_NOTADB].includes(code & 0xff)
}

async function setAside(path: string): Promise<void> {
  const aside = `${path}.damaged-${Date.now()}`
  try {
    await rename(path, aside)
    for (const tail of ['-wal', '-shm']) await rename(path + tail, aside + tail).catch(() => undefined)
  } catch (cause) {
    throw new HomerollError(
      'store-failed',
      `${path} is damaged and could not be moved aside: ${errorMessage(cause)}; move it away and start again`,
      { cause },
    )
  }
}

/** All rows of a keyed statement, page by page, leaving the main thread between pages. `after` gives the next key. */
export async function* pages<Row>(
  statement: StatementSync,
  first: SQLInputValue[],
  after: (row: Row) => SQLInputValue[],
): AsyncGenerator<Row> {
  let key = first
  for (;;) {
    const rows = statement.all(...key) as Row[]
    yield* rows
    const last = rows.at(-1)
    if (last === undefined) return
    key = after(last)
    await new Promise(resolve => setImmediate(resolve))
  }
}
