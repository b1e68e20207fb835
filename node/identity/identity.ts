import { randomBytes } from 'node:crypto'
import { HomerollError } from '../../shared/errors/index.ts'
import { deviceIdOf } from './device-id.ts'
import { encodeGenesis, GENESIS_PURPOSE, readGenesis, spaceIdOf } from './genesis.ts'
import { damaged, keyFilePath, prepareKeyFolder, readKeyFile, writeKeyFile, type StoredKeys } from './key-file.ts'
import { boxPublicKey, deriveSecret, signFor, signingKeyPair } from './signing.ts'

/** A set of devices that share a key; here the household's. */
interface Space {
  /** Hexadecimal SHA-256 of the genesis. */
  readonly id: string
  /** Encoded genesis and the founder's signature over it: what a joiner checks. */
  readonly genesis: Uint8Array
  readonly genesisSignature: Uint8Array
  /** 32 bytes that encrypt the space's logs and drives. Hidden from inspection and JSON; never log it. */
  readonly key: Uint8Array
}

/** Who this device is. Secrets stay inside: what needs one is a call. */
export interface Identity {
  /** The libp2p peer id, `12D3KooW...`. */
  readonly deviceId: string
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array
  /** X25519, 32 bytes: what others seal boxes to. */
  readonly boxPublicKey: Uint8Array
  readonly household: Space
  /** Signs a message for one purpose (`charter`, ...); `verifySignature` checks it. 64 bytes. */
  sign(purpose: string, message: Uint8Array): Uint8Array
  /** 32 secret bytes that follow from this device's own key and the label, the same at every start. */
  deriveSecret(label: string): Uint8Array
}

/**
 * This device's identity, made at the first start and the same ever after. The keys are on disk, flushed, before this
 * resolves. `create: false` refuses to make one (`key-file-missing`): say so where the data folder already holds a store,
 * so that a lost key file is never answered with a stranger's identity.
 *
 * Rejects with `key-file-damaged`, `key-file-exposed` (others may read it; it is refused rather than repaired, because
 * tightening the bits in silence would hide that the keys may be known already), `key-folder-exposed`,
 * `key-file-unreadable`, `key-file-newer`, `key-file-missing`.
 */
export async function openIdentity(
  dataDir: string,
  options: { create?: boolean; random?: (bytes: number) => Uint8Array } = {},
): Promise<Identity> {
  const path = keyFilePath(dataDir)
  await prepareKeyFolder(dataDir)
  const stored = await readKeyFile(path)
  if (stored) return identityOf(stored, path)
  if (options.create === false) {
    throw new HomerollError(
      'key-file-missing',
      `the data folder ${dataDir} has a store but no key file ${path}: bring the key file back from a backup`,
    )
  }
  const keys = makeKeys(options.random ?? randomBytes)
  await writeKeyFile(path, keys)
  // What counts is what a later start will read.
  const written = await readKeyFile(path)
  if (!written) throw damaged(path)
  return identityOf(written, path)
}

function makeKeys(random: (bytes: number) => Uint8Array): StoredKeys {
  const signingSeed = random(32)
  const { publicKey, secretKey } = signingKeyPair(signingSeed)
  const genesis = encodeGenesis(publicKey, random(32))
  return {
    signingSeed,
    boxSecret: random(32),
    spaceKey: random(32),
    genesis,
    genesisSignature: signFor(GENESIS_PURPOSE, genesis, secretKey),
  }
}

function identityOf(keys: StoredKeys, path: string): Identity {
  if (!readGenesis(keys.genesis, keys.genesisSignature)) throw damaged(path)
  const { publicKey, secretKey } = signingKeyPair(keys.signingSeed)
  const household = { id: spaceIdOf(keys.genesis), genesis: keys.genesis, genesisSignature: keys.genesisSignature }
  // Not enumerable: neither a log line nor JSON of the identity shows it.
  Object.defineProperty(household, 'key', { value: keys.spaceKey, enumerable: false })
  return {
    deviceId: deviceIdOf(publicKey),
    publicKey,
    boxPublicKey: boxPublicKey(keys.boxSecret),
    household: household as Space,
    sign: (purpose, message) => signFor(purpose, message, secretKey),
    deriveSecret: label => deriveSecret(keys.signingSeed, label),
  }
}
