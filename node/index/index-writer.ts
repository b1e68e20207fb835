import type { DatabaseSync } from 'node:sqlite'
import { applyBlocks, type Changes, type DecodeFrame, type LogBlock, type Rules } from '../catalogue/index.ts'
import { faultOf, openForWriting, removeDatabase } from './database.ts'
import { listLackingAnew } from './lacking.ts'
import type { Wanted } from './placement.ts'
import { createSqliteState, type SqliteState } from './sqlite-state.ts'

export interface WriterOptions {
  file: string
  ownDevice: string
  wanted: Wanted
  decode: DecodeFrame
  rules: Rules
}

/** The writing side of the index, on the thread that calls it. */
export interface IndexWriter {
  apply(blocks: LogBlock[], now: number): Changes
  positions(): Record<string, number>
  newestStamp(): number
  clear(): void
  /** Puts an empty file in the place of a damaged one; no reader may have it open. */
  replace(): void
  /** Gives back memory and moves the write-ahead log into the file, when nothing has happened for a while. */
  rest(): void
  close(): void
}

export function createIndexWriter({ file, ownDevice, wanted, decode, rules }: WriterOptions): IndexWriter {
  let db: DatabaseSync
  let state: SqliteState

  function open(): void {
    db = openForWriting(file)
    db.exec('BEGIN IMMEDIATE')
    // Rules older than those that filled the file would show what they do not know.
    const filledBy = meta('rules')
    if (filledBy > rules.version) empty()
    listLackingAnew(db, wanted)
    db.exec('COMMIT')
    state = createSqliteState(db, wanted)
  }

  function meta(key: string): number {
    return (db.prepare('SELECT value FROM meta WHERE key = ?').get(key) as { value: number } | undefined)?.value ?? 0
  }

  function empty(): void {
    // Labels stay: readers keep them in mind, so a number never gets another meaning.
    const tables = ['meta', 'position', 'deferred', 'name', 'asset', 'timeline', 'bucket']
    for (const table of [...tables, 'lacking', 'custody', 'total']) db.exec(`DELETE FROM ${table}`)
    db.exec(`INSERT INTO search (search) VALUES ('delete-all')`)
  }

  /** All or nothing. */
  function transact<T>(work: () => T): T {
    try {
      db.exec('BEGIN IMMEDIATE')
      const value = work()
      db.exec('COMMIT')
      return value
    } catch (thrown) {
      state.reset()
      // A full disk or damage may have undone the transaction already.
      if (db.isTransaction) db.exec('ROLLBACK')
      throw faultOf(thrown, file)
    }
  }

  open()
  return {
    apply: (blocks, now) =>
      transact(() => {
        const applied = applyBlocks(state, blocks, { now, ownDevice, decode, rules })
        const assets = [...applied.assets].filter(id => state.shows(id))
        const { heldBack, unknown, invalid } = applied
        return { assets, buckets: state.flush(), heldBack, unknown, invalid }
      }),
    positions() {
      const rows = db.prepare('SELECT device, length FROM position').all() as { device: string; length: number }[]
      return Object.fromEntries(rows.map(({ device, length }) => [device, length]))
    },
    newestStamp: () => meta('newest'),
    clear: () =>
      transact(() => {
        empty()
        listLackingAnew(db, wanted)
        state.reset()
      }),
    replace() {
      db.close()
      removeDatabase(file)
      open()
    },
    rest() {
      db.exec('PRAGMA wal_checkpoint(PASSIVE); PRAGMA shrink_memory')
    },
    close: () => db.close(),
  }
}
