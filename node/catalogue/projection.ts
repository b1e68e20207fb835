import type { AssetId } from '../../shared/ids/index.ts'
import type { Bucket } from '../../shared/time/index.ts'

/** A block of a log on its way into the projection. */
export interface LogBlock {
  device: string
  seq: number
  block: Uint8Array
}

/** What changed when blocks were applied. */
export interface Changes {
  assets: AssetId[]
  /** Buckets whose content or order changed, in any view. */
  buckets: Bucket[]
  /** Blocks that could not be decoded, were held back (too far ahead) or held unknown operations; they are kept. */
  heldBack: number
  unknown: number
  invalid: number
}

/**
 * What the catalogue is projected into: applies blocks by the catalogue's rules in one transaction with its own
 * position, so that a crash leaves both or neither. Applying a block again changes nothing.
 */
export interface Projection {
  /**
   * `now`: wall clock in ms, against which other devices' stamps are held back; this device's own never are.
   * Blocks of one log come in order. Rejects with `log-gap` when one is missing, and with `log-differs` when the block
   * last applied is not the one given now (the log lost its end and grew anew): then `clear` and apply everything.
   */
  apply(blocks: LogBlock[], now: number): Promise<Changes>
  /** For each device, how many blocks of its log are applied. */
  positions(): Promise<Record<string, number>>
  /** The newest stamp ever applied. */
  newestStamp(): Promise<number>
  /** Forgets everything; the positions are empty then. */
  clear(): Promise<void>
}
