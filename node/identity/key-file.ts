import { createHash } from 'node:crypto'
import { chmod, lstat, mkdir, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { errorCode, HomerollError } from '../../shared/errors/index.ts'
import { fromHex, toHex } from '../../shared/ids/index.ts'
import { createFileDurably, flushFolder } from '../platform/index.ts'

/** What the key file holds, all of it at once: it is written whole or not at all, so no half of an identity exists. */
export interface StoredKeys {
  /** Seed of the Ed25519 pair, 32 bytes. */
  signingSeed: Uint8Array
  /** X25519 secret, 32 bytes. */
  boxSecret: Uint8Array
  /** Symmetric key of the household's space, 32 bytes. */
  spaceKey: Uint8Array
  /** Encoded genesis of the household's space, and the founder's signature over it. */
  genesis: Uint8Array
  genesisSignature: Uint8Array
}

const FIELDS = ['signingSeed', 'boxSecret', 'spaceKey', 'genesis', 'genesisSignature'] as const
const KEY_FILE_VERSION = 1
const MAX_KEY_FILE_BYTES = 16 * 1024
/** Windows has no such bits; there the folder's own access list decides. */
const HAS_MODES = process.platform !== 'win32'

/** The one file of this device's own keys, under a data folder. */
export function keyFilePath(dataDir: string): string {
  return join(dataDir, 'keys', 'identity.key')
}

/** Makes the folder `keys` (0700) if it is not there; refuses one that others may write into. */
export async function prepareKeyFolder(dataDir: string): Promise<void> {
  const folder = dirname(keyFilePath(dataDir))
  if (await mkdir(folder, { recursive: true, mode: 0o700 })) {
    // A umask may take bits away but never adds one; this is for the bits.
    await chmod(folder, 0o700)
    await flushFolder(dataDir)
  }
  const status = await lstat(folder)
  if (HAS_MODES && (status.mode & 0o022) !== 0) {
    throw new HomerollError(
      'key-folder-exposed',
      `other accounts may write into ${folder}: run "chmod 700 ${folder}", check that its file is yours, and start again`,
    )
  }
}

/** The stored keys; null where there is no file. Refuses a damaged or an exposed file; no message ever holds a key. */
export async function readKeyFile(path: string): Promise<StoredKeys | null> {
  const file = await open(path, 'r').catch((thrown: unknown) => {
    if (errorCode(thrown) === 'enoent') return null
    throw new HomerollError(
      'key-file-unreadable',
      `cannot read the key file ${path} (${errorCode(thrown)}): make it yours again`,
    )
  })
  if (!file) return null
  try {
    const status = await file.stat()
    if (HAS_MODES && (status.mode & 0o077) !== 0) {
      throw new HomerollError(
        'key-file-exposed',
        `other accounts may read the key file ${path}: run "chmod 600 ${path}" and start again; ` +
          `if someone else may have copied it, treat this device as lost`,
      )
    }
    if (status.size > MAX_KEY_FILE_BYTES) throw damaged(path)
    return parse(await file.readFile('utf8'), path)
  } finally {
    await file.close()
  }
}

/** Writes the keys durably, readable by the owner alone; where a file has come to be meanwhile, that one stands. */
export async function writeKeyFile(path: string, keys: StoredKeys): Promise<void> {
  const fields = Object.fromEntries(FIELDS.map(name => [name, toHex(keys[name])]))
  await createFileDurably(
    path,
    `${JSON.stringify({ v: KEY_FILE_VERSION, ...fields, check: checkOf(fields) }, null, 1)}\n`,
    0o600,
  )
}

/** Names damage in any field: eight bytes of SHA-256 over all. Beside the keys themselves it tells nobody more. */
function checkOf(fields: Record<string, unknown>): string {
  return createHash('sha256')
    .update(JSON.stringify(FIELDS.map(name => fields[name])))
    .digest('hex')
    .slice(0, 16)
}

function parse(text: string, path: string): StoredKeys {
  let content: Record<string, unknown>
  try {
    content = JSON.parse(text) as Record<string, unknown>
  } catch {
    // The parser's own message quotes the text, which holds keys.
    throw damaged(path)
  }
  if (typeof content !== 'object' || content === null) throw damaged(path)
  if (typeof content.v === 'number' && content.v > KEY_FILE_VERSION) {
    throw new HomerollError('key-file-newer', `a newer Homeroll wrote the key file ${path}: start that version`)
  }
  const hex = (name: (typeof FIELDS)[number]) => {
    const value = content[name]
    if (typeof value !== 'string' || !/^([0-9a-f]{2})+$/.test(value)) throw damaged(path)
    return fromHex(value)
  }
  const keys: StoredKeys = {
    signingSeed: hex('signingSeed'),
    boxSecret: hex('boxSecret'),
    spaceKey: hex('spaceKey'),
    genesis: hex('genesis'),
    genesisSignature: hex('genesisSignature'),
  }
  const secrets = [keys.signingSeed, keys.boxSecret, keys.spaceKey]
  if (content.v !== KEY_FILE_VERSION || content.check !== checkOf(content) || secrets.some(key => key.length !== 32)) {
    throw damaged(path)
  }
  return keys
}

/** The error of a file whose content is not what was written. */
export function damaged(path: string): HomerollError {
  return new HomerollError(
    'key-file-damaged',
    `the key file ${path} is damaged: bring it back from a backup or the recovery kit; it was left as it is`,
  )
}
