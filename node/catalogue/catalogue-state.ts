import type { AssetId } from '../../shared/ids/index.ts'
import type { Stamp } from '../../shared/time/index.ts'
import type { AssetState } from './asset-state.ts'
import type { NameState } from './rules/names.ts'

/**
 * A block that counts later. `ahead`: stamped too far ahead of the clock; `unknown`: by a newer version, as a whole or
 * some operations of it; `invalid`: it could not be decoded.
 */
export interface Deferred {
  device: string
  seq: number
  reason: 'ahead' | 'unknown' | 'invalid'
  /** Stamp of its first operation; 0 where that is unknown. */
  stamp: Stamp
  block: Uint8Array
}

export interface Position {
  /** Blocks applied. */
  length: number
  /** Of the last of them, the start of its SHA-256 in hexadecimal. */
  lastBlock: string
}

/** Where the catalogue's rules keep what they merge. All of it changes in one transaction. */
export interface CatalogueState {
  /** The state to change and then put back; undefined for an asset that nothing was said of. */
  asset(id: AssetId): AssetState | undefined
  putAsset(state: AssetState): void
  name(of: NameState['of'], id: string): NameState | undefined
  putName(name: NameState): void
  position(device: string): Position | undefined
  putPosition(device: string, position: Position): void
  newestStamp(): Stamp
  putNewestStamp(stamp: Stamp): void
  /** Version of the rules that last replayed what was unknown. */
  rulesVersion(): number
  putRulesVersion(version: number): void
  /** A block again under the same device and seq replaces the earlier. */
  defer(deferred: Deferred): void
  /** Takes out the blocks of these reasons with a stamp up to `upTo`. */
  takeDeferred(reasons: Deferred['reason'][], upTo: Stamp): Deferred[]
}
