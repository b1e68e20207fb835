import type { Readable } from 'node:stream'

/** What an original must be: 32 bytes of SHA-256 and its length. */
export interface Expected {
  sha256: Uint8Array
  bytes: number
  /**
   * Modification time of the source when it was hashed, in milliseconds. Where the source still has it, an in-place
   * store need not read the file once more; without it, it does.
   */
  modifiedMs?: number
}

/**
 * Where bytes come from. A `file` with `consume` may be renamed into place (we made it): it is gone after `stored` and
 * `present`, and still there after `mismatch` or a fault. Without `consume` it is only read.
 */
export type Source = { kind: 'stream'; stream: Readable } | { kind: 'file'; path: string; consume?: boolean }

/** What the store may use to name the file for people. */
export interface Placing {
  fileName: string
  /** Local date-time (`2024-07-31T18:05:12`); its month names the folder. */
  takenAt: string
}

export type PutOutcome =
  | { outcome: 'stored'; path: string | null }
  | { outcome: 'present'; path: string | null }
  /** The bytes were not what was expected; nothing was kept. */
  | { outcome: 'mismatch'; message: string }

export type Verdict = 'intact' | 'corrupt' | 'missing'

/**
 * Keeps originals by content. Never two copies of one content in a store. `put` resolves only after hash, write beside,
 * flush, re-read, rename and flush of the folder. Faults: `disk-full`, `store-failed`; of the source `source-missing`,
 * `source-denied`, `not-a-file`, `read-failed`; of `get` `bad-range`. An abort rejects with the signal's reason.
 */
export interface OriginalStore {
  put(source: Source, expected: Expected, placing: Placing, signal?: AbortSignal): Promise<PutOutcome>
  /** A stream of the bytes `start..end` (end inclusive, as HTTP counts); null where not held. */
  get(sha256: Uint8Array, range?: { start: number; end: number }): Promise<Readable | null>
  /** Known and, as far as a look at size and time tells, still there unchanged. */
  has(sha256: Uint8Array): Promise<boolean>
  /** A path that decoders may read and must never write; null where not held or not a file. */
  pathOf(sha256: Uint8Array): Promise<string | null>
  /** Re-reads and re-hashes. */
  verify(sha256: Uint8Array, signal?: AbortSignal): Promise<Verdict>
  /** Takes the original out of the store; an in-place store only forgets the reference. True when it was there. */
  remove(sha256: Uint8Array): Promise<boolean>
  /** Every original known, in no order; `path` as far as there is one. */
  list(): AsyncIterable<Expected & { path: string | null }>
  stats(): Promise<{ originals: number; bytes: number }>
  close(): Promise<void>
}
