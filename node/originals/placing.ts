import { lstat, mkdir, chmod, realpath, unlink } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import { errorCode, HomerollError } from '../../shared/errors/index.ts'
import { toHex } from '../../shared/ids/index.ts'
import { bucketOf, isBucket } from '../../shared/time/index.ts'
import { flushFolder } from '../platform/index.ts'
import type { Disk } from './disk.ts'
import type { Placing } from './original-store.ts'
import { safeFileName } from './safe-name.ts'

/** Where originals without a month lie. */
const UNDATED = 'undated'

/**
 * Paths under which an original may lie, best first: the plain name, then numbered, then with digits of its hash, of
 * which the last is its own alone.
 */
export function* candidatePaths({ fileName, takenAt }: Placing, sha256: Uint8Array): Generator<string> {
  const bucket = bucketOf(takenAt)
  const folder = isBucket(bucket) ? `${bucket.slice(0, 4)}/${bucket}` : UNDATED
  yield `${folder}/${safeFileName(fileName)}`
  for (let number = 2; number < 10; number++) yield `${folder}/${safeFileName(fileName, ` (${number})`)}`
  for (const digits of [8, 64]) yield `${folder}/${safeFileName(fileName, ` (${toHex(sha256).slice(0, digits)})`)}`
}

/** Makes the folders of a relative path inside `root`, readable for all, and makes sure that they lie inside. */
export async function makeFolders(root: string, relative: string): Promise<string> {
  let folder = root
  for (const part of dirname(relative).split('/')) {
    const parent = folder
    folder = join(parent, part)
    try {
      await mkdir(folder)
      await chmod(folder, 0o755)
      await flushFolder(parent)
    } catch (cause) {
      if (errorCode(cause) !== 'eexist') throw cause
    }
  }
  const real = await realpath(folder)
  if (!real.startsWith(root.endsWith(sep) ? root : root + sep)) {
    throw new HomerollError('store-failed', `${folder} leads out of ${root}; remove that link and try again`)
  }
  return real
}

/** Codes of file systems without hard links (FAT, exFAT, some network shares). */
const NO_LINKS = ['eperm', 'enotsup', 'eopnotsupp', 'enosys', 'emlink', 'einval']

/**
 * Gives a part its name unless something has it: false then. A crash leaves the part, or the part under both names, or,
 * where there are no hard links, a reservation that holds the part's name.
 */
export async function nameWithoutReplacing(disk: Disk, part: string, path: string): Promise<boolean> {
  try {
    await disk.link(part, path)
    await unlink(part)
    return true
  } catch (cause) {
    const code = errorCode(cause)
    if (code === 'eexist') return false
    if (!NO_LINKS.includes(code)) throw cause
  }
  return reserveAndRename(disk, part, path)
}

async function reserveAndRename(disk: Disk, part: string, path: string): Promise<boolean> {
  let file
  try {
    file = await disk.open(path, 'wx', 0o644)
  } catch (cause) {
    if (errorCode(cause) === 'eexist') return false
    throw cause
  }
  try {
    await file.writeFile(reservationOf(part)).finally(() => file.close())
    await disk.rename(part, path)
    return true
  } catch (cause) {
    await unlink(path).catch(() => undefined)
    throw cause
  }
}

/** What a reserved name holds until its part comes. */
export function reservationOf(part: string): string {
  return `homeroll is about to put ${basename(part)} here\n`
}

/** Size, time and identity of a regular file; null for anything else. Links are not followed. */
export async function regularFile(path: string) {
  const found = await lstat(path).catch(() => null)
  if (!found?.isFile()) return null
  return { bytes: found.size, modified: Math.floor(found.mtimeMs), device: found.dev, inode: found.ino }
}
