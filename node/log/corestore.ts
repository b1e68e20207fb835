import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import Corestore from 'corestore'
import Hypercore, { type CorestoreStorage } from 'hypercore'
import { errorCode, errorMessage, HomerollError } from '../../shared/errors/index.ts'
import type { Identity } from '../identity/index.ts'
import { prepareStoreFolder } from './store-marker.ts'
import { WriteAheadFlush } from './write-ahead-flush.ts'

/** Of RocksDB's table in memory. Smaller than its usual 64 MiB: a quarter of the memory, and it needs less room to recover. */
const WRITE_BUFFER_BYTES = 16 * 1024 * 1024
/**
 * Room that stays free on the disk, so that the store can always finish what it began (a new write-ahead log alone asks for
 * 18 MiB); a quarter of a very small disk.
 */
const RESERVED_BYTES = 32 * 1024 * 1024

/** The one store of a data folder, for its logs and drives alike. */
export interface DurableCorestore {
  /** For opening cores and drives in it. */
  readonly cores: Corestore
  /**
   * Runs `action`, which writes about `bytes` into cores of this store, and resolves with its result once all of it would
   * survive a power cut. Rejects with `disk-full` before it runs where room is short, and when the disk filled up under
   * it; reading goes on, and writing again by itself some seconds after there is room. Rejects with `store-write-failed`
   * on any other fault of the disk; after a failed flush every later write does too, until the store is opened anew.
   */
  write<T>(bytes: number, action: () => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** Free bytes that this process may write on a folder's disk, and the size of that disk. */
type DiskRoom = (folder: string) => Promise<{ free: number; total: number }>

/**
 * Opens the store in `folder`, made at the first time. One process at a time, one opening at a time.
 * Rejects with `data-folder-in-use`, `store-of-another-device` (the key file does not belong to it), `store-was-copied`
 * (a copied store must never write as its old self), `disk-full` or `store-damaged`.
 */
export async function openCorestore(
  folder: string,
  identity: Pick<Identity, 'deriveSecret'>,
  { diskRoom = roomOnDisk }: { diskRoom?: DiskRoom } = {},
): Promise<DurableCorestore> {
  await prepareStoreFolder(folder)
  const storage = Hypercore.defaultStorage(folder, { writeBufferSize: WRITE_BUFFER_BYTES })
  // In one kind of damage it would delete the write-ahead log, and acknowledged frames with it. Nothing is deleted here.
  storage._maybeRecoverLater = () => undefined
  const cores = new Corestore(storage, { primaryKey: identity.deriveSecret('corestore'), unsafe: true })
  try {
    await cores.ready()
  } catch (cause) {
    // A store that failed to open does not close what it had opened until then.
    await storage.close().catch(() => undefined)
    throw openingError(folder, cause, await isFull(folder, diskRoom))
  }
  const log = new WriteAheadFlush(join(folder, 'db'))
  await log.flush()

  let failed: HomerollError | null = null

  return {
    cores,
    async write(bytes, action) {
      if (failed) throw failed
      const { free, total } = await diskRoom(folder)
      if (free < bytes + reserveOf(total)) throw diskFull(folder)
      let result
      try {
        result = await action()
      } catch (cause) {
        if (cause instanceof HomerollError) throw cause
        const reason = await faultOf(storage, cause)
        throw (await isFull(folder, diskRoom)) || /no space left/i.test(errorMessage(reason))
          ? diskFull(folder, reason)
          : writeFailed(folder, reason)
      }
      try {
        await log.flush()
      } catch (cause) {
        // What of it reached the disk is unknown, and a second flush would wrongly say that all did.
        failed ??= writeFailed(folder, cause)
        throw errorCode(cause) === 'enospc' ? diskFull(folder, cause) : failed
      }
      return result
    },
    async close() {
      await cores.close()
      await log.flush().catch(() => undefined)
      await log.close()
    },
  }
}

async function roomOnDisk(folder: string): Promise<{ free: number; total: number }> {
  const { bavail, blocks, bsize } = await statfs(folder)
  return { free: bavail * bsize, total: blocks * bsize }
}

function reserveOf(total: number): number {
  return Math.min(RESERVED_BYTES, total / 4)
}

async function isFull(folder: string, diskRoom: DiskRoom): Promise<boolean> {
  return diskRoom(folder).then(
    ({ free, total }) => free < reserveOf(total),
    () => false,
  )
}

/**
 * Why a write failed. A failed batch tells no reason, but RocksDB keeps the first fault, and its own flush answers with it.
 * It goes on failing so until it has recovered by itself, some five seconds after there is room again.
 */
async function faultOf(storage: CorestoreStorage, cause: unknown): Promise<unknown> {
  return storage.rocks.flush().then(
    () => cause,
    (fault: unknown) => fault,
  )
}

function diskFull(folder: string, cause?: unknown): HomerollError {
  return new HomerollError('disk-full', `the disk of ${folder} is full: make room there; nothing was lost`, {
    status: 507,
    cause,
  })
}

function writeFailed(folder: string, cause: unknown): HomerollError {
  return new HomerollError(
    'store-write-failed',
    `cannot write to the store ${folder} (${errorMessage(cause)}): check the disk, then start Homeroll again`,
    { cause },
  )
}

function openingError(folder: string, cause: unknown, full: boolean): HomerollError {
  const message = errorMessage(cause)
  if (/could not be locked/i.test(message)) {
    return new HomerollError(
      'data-folder-in-use',
      `${folder} is in use by another Homeroll on this machine: stop it first, or choose another --data`,
      { cause },
    )
  }
  if (/another corestore is stored here/i.test(message)) {
    return new HomerollError(
      'store-of-another-device',
      `the store ${folder} belongs to another key file: bring back the key file that it was made with`,
      { cause },
    )
  }
  if (errorCode(cause) === 'device-file') {
    return new HomerollError(
      'store-was-copied',
      `the store ${folder} was copied or restored, and two copies must not write as one device: start with a new data folder`,
      { cause },
    )
  }
  if (full || /no space left/i.test(message)) return diskFull(folder, cause)
  return new HomerollError('store-damaged', `cannot open the store ${folder}: ${message}; it was left as it is`, {
    cause,
  })
}
