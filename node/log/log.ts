/** Names a device: its libp2p peer id, base58 text of an Ed25519 public key (`12D3KooW...`). */
export type DeviceId = string

/**
 * A device's signed, append-only list of frames. One writer. Blocks are opaque here; the frame codec is beside this file.
 * A block once appended never changes and never goes.
 */
export interface Log {
  readonly device: DeviceId
  /** Whether this device may append. */
  readonly writable: boolean
  /** Blocks held, without gaps, from 0. */
  readonly length: number
  /**
   * Appends blocks in order and resolves with the new length once they would survive a power cut.
   * Rejects with `disk-full` or `not-writable`; then nothing of them counts as appended.
   */
  append(blocks: Uint8Array[]): Promise<number>
  /** The block at `seq`; rejects with `no-such-block` outside 0..length. */
  get(seq: number): Promise<Uint8Array>
  /** Blocks `from` (default 0) up to `to` (default the length when called), in order, a few read ahead. */
  read(range?: { from?: number; to?: number; signal?: AbortSignal }): AsyncIterable<{ seq: number; block: Uint8Array }>
}

/** All logs of one space that this device holds: its own, and replicas of the others'. */
export interface LogSet {
  readonly own: Log
  /** Every log held, own first. */
  all(): Log[]
  /** Resolves when everything is flushed and closed. */
  close(): Promise<void>
}
