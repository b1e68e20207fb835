import type { Locations } from './locations.ts'

/**
 * Remembers files that were copied before, so that taking a folder in again need not read it again. Only a hint: ask
 * the store whether it still has the content.
 */
export interface SourceJournal {
  /** `path` absolute; `modifiedMs` counts in whole milliseconds, fractions are dropped. */
  remember(path: string, bytes: number, modifiedMs: number, sha256: Uint8Array): void
  /** The SHA-256 that the file had when it was this long and this old; null where it never was. */
  lookup(path: string, bytes: number, modifiedMs: number): Uint8Array | null
}

export function createSourceJournal(locations: Locations): SourceJournal {
  const set = locations.statement('INSERT OR REPLACE INTO source (path, bytes, modified, sha256) VALUES (?, ?, ?, ?)')
  const get = locations.statement('SELECT sha256 FROM source WHERE path = ? AND bytes = ? AND modified = ?')
  return {
    remember(path, bytes, modifiedMs, sha256) {
      locations.change(() => set.run(path, bytes, Math.floor(modifiedMs), sha256))
    },
    lookup(path, bytes, modifiedMs) {
      const row = get.get(path, bytes, Math.floor(modifiedMs)) as { sha256: Uint8Array } | undefined
      return row?.sha256 ?? null
    },
  }
}
