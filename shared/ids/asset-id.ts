import { toHex } from './hex.ts'

/** Bytes of an asset id: the first 16 of its original's SHA-256. */
export const ASSET_ID_BYTES = 16

/** Name of an asset everywhere: 32 hexadecimal digits, the start of what `sha256sum` prints for its original. */
export type AssetId = string

/** The asset that an original's content belongs to. `sha256` is 32 bytes. */
export function assetIdOf(sha256: Uint8Array): AssetId {
  return toHex(sha256.subarray(0, ASSET_ID_BYTES))
}

/** Whether a text from outside is shaped like an asset id. */
export function isAssetId(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text)
}
