import { closeSync, openSync, rmSync } from 'node:fs'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { fromHex, type AssetId } from '../../shared/ids/index.ts'
import type { ThumbnailStore } from './thumbnail-store.ts'

/** Raised when the tables change; a file of another number is made anew. */
const SCHEMA_VERSION = 1
/** SQLite's words for a file that is damaged, or none of SQLite's. */
const SQLITE_CORRUPT = 11
const SQLITE_NOTADB = 26

interface Opened {
  db: DatabaseSync
  created: boolean
  get: StatementSync
  put: StatementSync
  version: StatementSync
}

/**
 * Thumbnails in one SQLite file. It has no authority: a file that is damaged, at opening or found so later, is thrown away
 * and begun anew, and the drive refills it. Any other fault (no permission, full disk) is thrown as SQLite says it.
 *
 * The file is in WAL mode with `synchronous=NORMAL`: a write waits for no flush, only a checkpoint does, and a power cut
 * costs the last writes but leaves no damage.
 */
export function openThumbnails(file: string): ThumbnailStore {
  let opened = openOrRenew(file)

  /** Runs against the file; damage is answered with a new file and a second try. */
  function onFile<T>(action: (opened: Opened) => T): T {
    try {
      return action(opened)
    } catch (thrown) {
      if (!isDamage(thrown)) throw thrown
      closeQuietly(opened.db)
      discard(file)
      opened = open(file)
      return action(opened)
    }
  }

  return {
    get created() {
      return opened.created
    },
    get: asset =>
      onFile(({ get }) => {
        const row = get.get(fromHex(asset)) as { mime: string; bytes: Uint8Array; version: number } | undefined
        return row ? { mime: row.mime, bytes: row.bytes, version: row.version } : null
      }),
    put: thumbnails =>
      onFile(({ db, put }) => {
        if (thumbnails.length === 0) return
        db.exec('BEGIN IMMEDIATE')
        try {
          for (const { asset, thumbnail } of thumbnails) {
            put.run(fromHex(asset), thumbnail.version, thumbnail.mime, thumbnail.bytes)
          }
          db.exec('COMMIT')
        } catch (thrown) {
          if (db.isTransaction) db.exec('ROLLBACK')
          throw thrown
        }
      }),
    missing: (assets: AssetId[], version) =>
      onFile(opened =>
        assets.filter(asset => {
          const row = opened.version.get(fromHex(asset)) as { version: number } | undefined
          return (row?.version ?? -1) < version
        }),
      ),
    close: () => opened.db.close(),
  }
}

function openOrRenew(file: string): Opened {
  try {
    return open(file)
  } catch (thrown) {
    if (!isDamage(thrown)) throw thrown
    discard(file)
    return open(file)
  }
}

function open(file: string): Opened {
  // Made here for its mode; the files that SQLite puts beside it take the same.
  closeSync(openSync(file, 'a', 0o600))
  const db = new DatabaseSync(file, { timeout: 5000 })
  try {
    const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number }
    if (version !== SCHEMA_VERSION) {
      const { tables } = db.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() as { tables: number }
      // Of an older or a newer Homeroll; what it held, the drive has.
      if (tables > 0) db.exec('DROP TABLE IF EXISTS thumbnail')
      db.exec('PRAGMA page_size = 8192')
    }
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -8192')
    // Checkpoints flush on the calling thread: many short ones (2 MB) instead of few long ones. No mapping of the file into
    // memory: it reads no faster here, and every page once read would count as this process's memory.
    db.exec('PRAGMA wal_autocheckpoint = 256; PRAGMA mmap_size = 0')
    db.exec(`
      CREATE TABLE IF NOT EXISTS thumbnail (
        asset BLOB NOT NULL UNIQUE,
        version INTEGER NOT NULL,
        mime TEXT NOT NULL,
        bytes BLOB NOT NULL
      ) STRICT;
      PRAGMA user_version = ${SCHEMA_VERSION}`)
    return {
      db,
      created: version !== SCHEMA_VERSION,
      get: db.prepare('SELECT version, mime, bytes FROM thumbnail WHERE asset = ?'),
      put: db.prepare(
        `INSERT INTO thumbnail (asset, version, mime, bytes) VALUES (?, ?, ?, ?)
         ON CONFLICT (asset) DO UPDATE SET version = excluded.version, mime = excluded.mime, bytes = excluded.bytes
         WHERE excluded.version >= version`,
      ),
      version: db.prepare('SELECT version FROM thumbnail WHERE asset = ?'),
    }
  } catch (thrown) {
    closeQuietly(db)
    throw thrown
  }
}

function isDamage(thrown: unknown): boolean {
  // The low byte is the primary code; the rest tells the kind.
  const code = ((thrown as { errcode?: unknown } | null)?.errcode as number | undefined) ?? 0
  return (code & 0xff) === SQLITE_CORRUPT || (code & 0xff) === SQLITE_NOTADB
}

function discard(file: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true })
}

function closeQuietly(db: DatabaseSync): void {
  try {
    db.close()
  } catch {
    // A damaged file may not close cleanly; it is thrown away next.
  }
}
