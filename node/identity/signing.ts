import sodium from 'sodium-native'

export interface KeyPair {
  publicKey: Uint8Array
  secretKey: Uint8Array
}

/** The Ed25519 pair of a 32-byte seed. */
export function signingKeyPair(seed: Uint8Array): KeyPair {
  const publicKey = Buffer.alloc(sodium.crypto_sign_PUBLICKEYBYTES)
  const secretKey = Buffer.alloc(sodium.crypto_sign_SECRETKEYBYTES)
  sodium.crypto_sign_seed_keypair(publicKey, secretKey, seed)
  return { publicKey, secretKey }
}

/** The X25519 public key of a 32-byte secret. */
export function boxPublicKey(secretKey: Uint8Array): Uint8Array {
  const publicKey = Buffer.alloc(sodium.crypto_box_PUBLICKEYBYTES)
  sodium.crypto_scalarmult_base(publicKey, secretKey)
  return publicKey
}

/** The bytes that are really signed: a purpose in front keeps a signature made for one thing from passing for another. */
function inPurpose(purpose: string, message: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`homeroll ${purpose}\0`), message])
}

/** 64 bytes of Ed25519 signature over a message for one purpose (`genesis`, `charter`, ...). */
export function signFor(purpose: string, message: Uint8Array, secretKey: Uint8Array): Uint8Array {
  const signature = Buffer.alloc(sodium.crypto_sign_BYTES)
  sodium.crypto_sign_detached(signature, inPurpose(purpose, message), secretKey)
  return signature
}

/** Whether `signature` over `message`, made for `purpose`, is by the holder of `publicKey`. False for any shape of rubbish. */
export function verifySignature(
  purpose: string,
  message: Uint8Array,
  signature: Uint8Array,
  publicKey: Uint8Array,
): boolean {
  if (signature.length !== sodium.crypto_sign_BYTES || publicKey.length !== sodium.crypto_sign_PUBLICKEYBYTES)
    return false
  return sodium.crypto_sign_verify_detached(signature, inPurpose(purpose, message), publicKey)
}

/** 32 bytes that follow from a secret and a label, and tell nothing of the secret (keyed BLAKE2b). */
export function deriveSecret(secret: Uint8Array, label: string): Uint8Array {
  const derived = Buffer.alloc(32)
  sodium.crypto_generichash(derived, Buffer.from(label), secret)
  return derived
}
