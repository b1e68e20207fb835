import { base58btc } from 'multiformats/bases/base58'

/** Bytes of an Ed25519 public key. */
const PUBLIC_KEY_BYTES = 32
/** Identity multihash of 36 bytes around libp2p's protobuf: key type Ed25519, then 32 bytes of key. */
const PEER_ID_PREFIX = Uint8Array.of(0x00, 0x24, 0x08, 0x01, 0x12, 0x20)

/** The libp2p peer id (`12D3KooW...`) of a 32-byte Ed25519 public key: the device's name everywhere. */
export function deviceIdOf(publicKey: Uint8Array): string {
  if (publicKey.length !== PUBLIC_KEY_BYTES)
    throw new RangeError(`an Ed25519 public key has 32 bytes, not ${publicKey.length}`)
  const bytes = new Uint8Array(PEER_ID_PREFIX.length + PUBLIC_KEY_BYTES)
  bytes.set(PEER_ID_PREFIX)
  bytes.set(publicKey, PEER_ID_PREFIX.length)
  return base58btc.baseEncode(bytes)
}

/** The Ed25519 public key inside a device id; null where the text (from outside) is no such id. */
export function publicKeyOf(deviceId: string): Uint8Array | null {
  if (deviceId.length > 64) return null
  let bytes: Uint8Array
  try {
    bytes = base58btc.baseDecode(deviceId)
  } catch {
    return null
  }
  const right =
    bytes.length === PEER_ID_PREFIX.length + PUBLIC_KEY_BYTES && PEER_ID_PREFIX.every((b, i) => bytes[i] === b)
  return right ? bytes.slice(PEER_ID_PREFIX.length) : null
}
