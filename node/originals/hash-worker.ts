import { createHash, type Hash } from 'node:crypto'
import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import { HomerollError } from '../../shared/errors/index.ts'
import { answerCalls } from '../platform/index.ts'
import { sourceFault } from './faults.ts'

/** The outcome of one read of a file; `changed` and `cancelled` carry no hash. */
export type HashReply =
  | { outcome: 'hashed'; sha256: Uint8Array; sha1: Uint8Array | null; bytes: number; modifiedMs: number }
  | { outcome: 'changed' | 'cancelled' }

/**
 * `control` is shared: its first 4 bytes are not 0 once the caller wants no answer any more, its bytes 8..15 count what
 * was read.
 */
export type HashHandlers = { hash: (path: string, withSha1: boolean, control: SharedArrayBuffer) => HashReply }

const READ_BYTES = 1024 * 1024
/** After so many bytes a long file is looked at again, so that one that is being written is given up early. */
const LOOK_BYTES = 64 * READ_BYTES
const buffer = Buffer.allocUnsafeSlow(READ_BYTES)

function hash(path: string, withSha1: boolean, control: SharedArrayBuffer): HashReply {
  const cancelled = new Int32Array(control, 0, 1)
  const progress = new BigInt64Array(control, 8, 1)
  try {
    const fd = openFile(path)
    try {
      const before = fstatSync(fd, { bigint: true })
      const sha256 = createHash('sha256')
      const sha1 = withSha1 ? createHash('sha1') : null
      let bytes = 0
      for (;;) {
        if (Atomics.load(cancelled, 0) !== 0) return { outcome: 'cancelled' }
        const length = readSync(fd, buffer, 0, READ_BYTES, null)
        if (length === 0) break
        const chunk = buffer.subarray(0, length)
        sha256.update(chunk)
        sha1?.update(chunk)
        bytes += length
        Atomics.store(progress, 0, BigInt(bytes))
        // A file that grows as fast as it is read must not keep this thread for ever.
        if (bytes > before.size) return { outcome: 'changed' }
        if (bytes % LOOK_BYTES === 0 && fstatSync(fd, { bigint: true }).mtimeNs !== before.mtimeNs) {
          return { outcome: 'changed' }
        }
      }
      const after = statSync(path, { bigint: true, throwIfNoEntry: false })
      if (
        !after ||
        BigInt(bytes) !== before.size ||
        after.size !== before.size ||
        after.mtimeNs !== before.mtimeNs ||
        after.ino !== before.ino
      ) {
        return { outcome: 'changed' }
      }
      return {
        outcome: 'hashed',
        sha256: digest(sha256),
        sha1: sha1 && digest(sha1),
        bytes,
        modifiedMs: wholeMilliseconds(before.mtimeNs),
      }
    } finally {
      closeSync(fd)
    }
  } catch (thrown) {
    throw sourceFault(path, thrown)
  }
}

/** Opens a regular file; a pipe or a device would block this thread or never end. */
function openFile(path: string): number {
  const fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  if (fstatSync(fd).isFile()) return fd
  closeSync(fd)
  throw new HomerollError('not-a-file', `${path} is not a file`, { status: 400 })
}

function digest(hash: Hash): Uint8Array {
  return new Uint8Array(hash.digest())
}

if (parentPort) answerCalls(parentPort, { hash } satisfies HashHandlers)

/**
 * As `Math.floor(stat.mtimeMs)` has it everywhere else: that number is a rounded one, and may be the next millisecond
 * where these nanoseconds are just short of it.
 */
function wholeMilliseconds(nanoseconds: bigint): number {
  const second = 1_000_000_000n
  return Math.floor(Number(nanoseconds / second) * 1000 + Number(nanoseconds % second) / 1e6)
}
