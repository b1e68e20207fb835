export { deviceIdOf, publicKeyOf } from './device-id.ts'
export { openIdentity, type Identity, type Space } from './identity.ts'
export { verifySignature } from './signing.ts'
