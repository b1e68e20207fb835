import { sep } from 'node:path'
import { pages, type Locations } from './locations.ts'

/** A file in its own place, as it was when it was taken in. */
export interface Reference {
  /** Absolute. */
  path: string
  sha256: Uint8Array
  bytes: number
  /** Whole milliseconds since 1970. */
  modifiedMs: number
}

interface Row {
  path: string
  sha256: Uint8Array
  bytes: number
  modified: number
}

const toReference = ({ path, sha256, bytes, modified }: Row): Reference => ({
  path,
  sha256,
  bytes,
  modifiedMs: modified,
})

/** The rows that an in-place store keeps in the locations file. None of these calls takes longer than a look-up. */
export function createInPlaceRecords({ statement, change }: Locations) {
  return {
    at(path: string): Reference | null {
      const row = statement('SELECT path, sha256, bytes, modified FROM reference WHERE path = ?').get(path)
      return row ? toReference(row as unknown as Row) : null
    },
    /** Every path of a content. */
    of(sha256: Uint8Array): Reference[] {
      const rows = statement('SELECT path, sha256, bytes, modified FROM reference WHERE sha256 = ?').all(sha256)
      return (rows as unknown as Row[]).map(toReference)
    },
    /** In place of what was written of this path before. */
    record({ path, sha256, bytes, modifiedMs }: Reference) {
      change(() => {
        // Not one REPLACE: that would leave the totals' triggers out.
        statement('DELETE FROM reference WHERE path = ?').run(path)
        statement('INSERT INTO reference (path, sha256, bytes, modified) VALUES (?, ?, ?, ?)').run(
          path,
          sha256,
          bytes,
          modifiedMs,
        )
      })
    },
    touched(path: string, modifiedMs: number) {
      change(() => statement('UPDATE reference SET modified = ? WHERE path = ?').run(modifiedMs, path))
    },
    forget(sha256: Uint8Array): boolean {
      return change(() => statement('DELETE FROM reference WHERE sha256 = ?').run(sha256)).changes > 0
    },
    /** One path of every content. */
    async *list(): AsyncGenerator<Reference> {
      const rows = pages<Row>(
        statement(
          'SELECT sha256, min(path) AS path, bytes, modified FROM reference WHERE sha256 > ? GROUP BY sha256 ORDER BY sha256 LIMIT 500',
        ),
        [new Uint8Array(0)],
        row => [row.sha256],
      )
      for await (const row of rows) yield toReference(row)
    },
    /** Every reference inside a folder, at any depth, by path. */
    async *under(folder: string): AsyncGenerator<Reference> {
      const start = folder.endsWith(sep) ? folder : folder + sep
      const end = start.slice(0, -1) + String.fromCharCode(sep.charCodeAt(0) + 1)
      const rows = pages<Row>(
        statement(
          'SELECT path, sha256, bytes, modified FROM reference WHERE path > ? AND path < ? ORDER BY path LIMIT 500',
        ),
        [start, end],
        row => [row.path, end],
      )
      for await (const row of rows) yield toReference(row)
    },
    totals() {
      const row = statement("SELECT originals, bytes FROM total WHERE name = 'reference'").get()
      return { ...(row as { originals: number; bytes: number }) }
    },
  }
}
