export { deviceIdOf, publicKeyOf } from './device-id.ts'
export { openIdentity, type Identity } from './identity.ts'
export { verifySignature } from './signing.ts'
