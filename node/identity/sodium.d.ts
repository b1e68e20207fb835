/** The few calls of sodium-native that are used; it ships no types of its own. Buffers are filled in place. */
declare module 'sodium-native' {
  const sodium: {
    crypto_sign_SEEDBYTES: number
    crypto_sign_PUBLICKEYBYTES: number
    crypto_sign_SECRETKEYBYTES: number
    crypto_sign_BYTES: number
    crypto_box_PUBLICKEYBYTES: number
    crypto_box_SECRETKEYBYTES: number
    crypto_sign_seed_keypair(publicKey: Uint8Array, secretKey: Uint8Array, seed: Uint8Array): void
    crypto_sign_detached(signature: Uint8Array, message: Uint8Array, secretKey: Uint8Array): void
    crypto_sign_verify_detached(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean
    crypto_scalarmult_base(publicKey: Uint8Array, secretKey: Uint8Array): void
    crypto_generichash(hash: Uint8Array, message: Uint8Array, key?: Uint8Array): void
  }
  export default sodium
}
