import { constants, createReadStream, type Stats } from 'node:fs'
import { access, chmod, stat, unlink, utimes } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { errorCode, HomerollError } from '../../shared/errors/index.ts'
import type { Disk } from './disk.ts'
import { sourceFault, storeFault } from './faults.ts'
import type { Source } from './original-store.ts'
import { sourceChunks } from './source-chunks.ts'

/** A copy up to this size is one call that an abort waits for; a larger one goes in chunks. */
const ONE_CALL_BYTES = 64 * 1024 * 1024

/**
 * Writes a source beside its later place and flushes it: reflinked where the file system can, renamed where it may be
 * consumed, copied otherwise. At most `bytes` are written. False, and nothing written, where the source is known to be
 * of another length. Faults as in `OriginalStore.put`; the caller removes what is left after one.
 */
export async function writePart(
  disk: Disk,
  source: Source,
  part: string,
  bytes: number,
  signal?: AbortSignal,
): Promise<boolean> {
  if (source.kind === 'stream') {
    if (!(await writeStream(disk, source.stream, part, bytes, signal))) return false
  } else {
    const before = await look(source.path)
    if (before.size !== bytes) return false
    if (!(source.consume && (await moved(disk, source.path, part)))) {
      if (!(await copy(disk, source.path, part, bytes, signal))) return false
    }
    await guard(part, () => utimes(part, before.atimeMs / 1000, before.mtimeMs / 1000))
  }
  signal?.throwIfAborted()
  await guard(part, async () => {
    // People open these files with other programs, whatever the source's mode or this process' mask says.
    await chmod(part, 0o644)
    const file = await disk.open(part, 'r+')
    try {
      await file.sync()
    } finally {
      await file.close()
    }
  })
  return true
}

/** Puts a source that was consumed back, where the store does not keep it after all. */
export async function giveBack(disk: Disk, source: Source, part: string): Promise<void> {
  if (source.kind !== 'file' || !source.consume) return
  const free = await stat(source.path).then(
    () => false,
    () => true,
  )
  if (free) await disk.rename(part, source.path).catch(() => undefined)
}

/** Removes the source that the caller gave away. */
export async function consumed(source: Source): Promise<void> {
  if (source.kind === 'file' && source.consume) await unlink(source.path).catch(() => undefined)
}

async function look(path: string): Promise<Stats> {
  try {
    const found = await stat(path)
    if (!found.isFile()) throw new HomerollError('not-a-file', `${path} is not a file`, { status: 400 })
    await access(path, constants.R_OK)
    return found
  } catch (cause) {
    throw sourceFault(path, cause)
  }
}

async function moved(disk: Disk, from: string, part: string): Promise<boolean> {
  try {
    await disk.rename(from, part)
    return true
  } catch (cause) {
    if (errorCode(cause) === 'exdev') return false
    throw storeFault(part, cause)
  }
}

async function copy(disk: Disk, from: string, part: string, bytes: number, signal?: AbortSignal): Promise<boolean> {
  const { COPYFILE_EXCL, COPYFILE_FICLONE, COPYFILE_FICLONE_FORCE } = constants
  if (bytes > ONE_CALL_BYTES) {
    const cloned = await disk.copyFile(from, part, COPYFILE_EXCL | COPYFILE_FICLONE_FORCE).then(
      () => true,
      () => false,
    )
    return cloned || writeStream(disk, createReadStream(from, { highWaterMark: 1024 * 1024 }), part, bytes, signal)
  }
  try {
    await disk.copyFile(from, part, COPYFILE_EXCL | COPYFILE_FICLONE)
    return true
  } catch (cause) {
    // The call names both files and not which of them failed.
    await look(from)
    throw storeFault(part, cause)
  }
}

async function writeStream(
  disk: Disk,
  stream: Readable,
  part: string,
  limit: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const file = await guard(part, () => disk.open(part, 'wx', 0o644)).catch((fault: unknown) => {
    stream.destroy()
    throw fault
  })
  try {
    let written = 0
    for await (const chunk of sourceChunks(stream, signal)) {
      written += chunk.length
      if (written > limit) return false
      await guard(part, () => file.appendFile(chunk))
    }
    return written === limit
  } finally {
    await file.close()
  }
}

async function guard<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw storeFault(path, cause)
  }
}
