import { createHash } from 'node:crypto'
import { decode, encode } from 'cborg'
import { verifySignature } from './signing.ts'

/** The birth of a space: who founded it and a nonce that makes it like no other. Its hash is the space's id. */
export interface Genesis {
  v: number
  /** Ed25519 public key of the device that founded the space. */
  founder: Uint8Array
  /** 32 random bytes. */
  nonce: Uint8Array
}

const GENESIS_VERSION = 1
export const GENESIS_PURPOSE = 'genesis'
const MAX_GENESIS_BYTES = 256

/** CBOR of a genesis; keys sorted, so one genesis has one encoding and one hash. */
export function encodeGenesis(founder: Uint8Array, nonce: Uint8Array): Uint8Array {
  return encode({
    v: GENESIS_VERSION,
    founder: Uint8Array.from(founder),
    nonce: Uint8Array.from(nonce),
  } satisfies Genesis)
}

/** The space id: hexadecimal SHA-256 of the encoded genesis. */
export function spaceIdOf(genesis: Uint8Array): string {
  return createHash('sha256').update(genesis).digest('hex')
}

/** Reads a genesis from outside and checks the founder's signature; null where anything is wrong. */
export function readGenesis(bytes: Uint8Array, signature: Uint8Array): Genesis | null {
  if (bytes.length > MAX_GENESIS_BYTES) return null
  let genesis: Partial<Genesis> | null
  try {
    genesis = decode(bytes, {
      strict: true,
      allowIndefinite: false,
      rejectDuplicateMapKeys: true,
    }) as Partial<Genesis> | null
  } catch {
    return null
  }
  if (typeof genesis !== 'object' || genesis === null || genesis.v !== GENESIS_VERSION) return null
  const { founder, nonce } = genesis
  if (!(founder instanceof Uint8Array) || founder.length !== 32) return null
  if (!(nonce instanceof Uint8Array) || nonce.length !== 32) return null
  // One meaning, one encoding: otherwise two ids could stand for one genesis.
  if (Buffer.compare(encodeGenesis(founder, nonce), bytes) !== 0) return null
  return verifySignature(GENESIS_PURPOSE, bytes, signature, founder) ? { v: GENESIS_VERSION, founder, nonce } : null
}
