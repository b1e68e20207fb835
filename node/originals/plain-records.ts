import { pages, type Locations } from './locations.ts'
import type { Expected } from './original-store.ts'
import { foldPath } from './safe-name.ts'

/** Where a copy lies, as last seen. */
export interface PlainRecord {
  sha256: Uint8Array
  bytes: number
  /** Whole milliseconds. */
  modified: number
  /** Relative to the originals folder, with `/`. */
  path: string
  /** 1 once its bytes were seen to differ. */
  corrupt: number
}

/** A verified copy, the part, that was about to get its name when this was written. */
export interface Intent {
  /** Name inside the incoming folder. */
  part: string
  sha256: Uint8Array
  bytes: number
  path: string
}

export type PlainRecords = ReturnType<typeof createPlainRecords>

const columns = 'sha256, bytes, modified, path, corrupt'

/** The rows that a plain-file store keeps in the locations file. None of these calls takes longer than a look-up. */
export function createPlainRecords(locations: Locations) {
  const { statement, change } = locations
  const dropIntent = (part: string) => statement('DELETE FROM intent WHERE part = ?').run(part)
  return {
    of(sha256: Uint8Array): PlainRecord | null {
      const row = statement(`SELECT ${columns} FROM original WHERE sha256 = ?`).get(sha256)
      return (row as PlainRecord | undefined) ?? null
    },
    at(path: string): PlainRecord | null {
      const row = statement(`SELECT ${columns} FROM original WHERE folded = ?`).get(foldPath(path))
      return (row as PlainRecord | undefined) ?? null
    },
    /** Whether a path belongs, letter case aside, to another content that is kept or about to be. */
    taken(path: string, sha256: Uint8Array): boolean {
      const sql =
        'SELECT 1 FROM original WHERE folded = ?1 AND sha256 <> ?2 UNION ALL SELECT 1 FROM intent WHERE folded = ?1'
      return statement(sql).get(foldPath(path), sha256) !== undefined
    },
    intend({ part, sha256, bytes, path }: Intent) {
      change(() =>
        statement('INSERT INTO intent (part, sha256, bytes, path, folded) VALUES (?, ?, ?, ?, ?)').run(
          part,
          sha256,
          bytes,
          path,
          foldPath(path),
        ),
      )
    },
    dropIntent(part: string) {
      change(() => dropIntent(part))
    },
    intents: () => statement('SELECT part, sha256, bytes, path FROM intent').all() as unknown as Intent[],
    /** Writes where a content lies, in place of what was written of it or of that path before; ends its intent. */
    record({ sha256, bytes, modified, path }: Omit<PlainRecord, 'corrupt'>, part: string | null = null) {
      const folded = foldPath(path)
      change(() => {
        statement('DELETE FROM original WHERE sha256 = ? OR folded = ?').run(sha256, folded)
        statement('INSERT INTO original (sha256, bytes, modified, path, folded) VALUES (?, ?, ?, ?, ?)').run(
          sha256,
          bytes,
          modified,
          path,
          folded,
        )
        if (part !== null) dropIntent(part)
      })
    },
    /** The file was read and is right, or wrong. */
    checked(sha256: Uint8Array, modified: number, corrupt: boolean) {
      change(() =>
        statement('UPDATE original SET modified = ?, corrupt = ? WHERE sha256 = ?').run(
          modified,
          corrupt ? 1 : 0,
          sha256,
        ),
      )
    },
    forget(sha256: Uint8Array) {
      change(() => statement('DELETE FROM original WHERE sha256 = ?').run(sha256))
    },
    list: () =>
      pages<PlainRecord>(
        statement(`SELECT ${columns} FROM original WHERE sha256 > ? ORDER BY sha256 LIMIT 500`),
        [new Uint8Array(0)],
        row => [row.sha256],
      ),
    totals() {
      const row = statement("SELECT originals, bytes FROM total WHERE name = 'original'").get()
      return { ...(row as { originals: number; bytes: number }) }
    },
  }
}

/** Whether two contents are one. */
export function sameContent(a: { sha256: Uint8Array; bytes: number }, b: Expected): boolean {
  return a.bytes === b.bytes && Buffer.compare(a.sha256, b.sha256) === 0
}
