import { link, open, rename, unlink } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { dirname } from 'node:path'
import { errorCode } from '../../shared/errors/index.ts'

/** Flushes a folder, so that a rename inside it survives a power cut. Where the system cannot (Windows), does nothing. */
export async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => null)
  if (!folder) return
  try {
    await folder.sync()
  } catch {
    // Some file systems refuse to flush a folder; the rename itself is still atomic there.
  } finally {
    await folder.close()
  }
}

/** Replaces a small file whole or not at all: written beside, flushed, renamed, folder flushed. */
export async function writeFileDurably(path: string, data: string | Uint8Array, mode = 0o600): Promise<void> {
  const beside = `${path}.${randomBytes(6).toString('hex')}.new`
  const file = await open(beside, 'wx', mode)
  try {
    await file.writeFile(data)
    await file.sync()
  } catch (cause) {
    await file.close()
    await unlink(beside).catch(() => undefined)
    throw cause
  }
  await file.close()
  await rename(beside, path)
  await flushFolder(dirname(path))
}

/**
 * Makes a small file whole, flushed, and only if there is none: false where one is there, which stays as it is. Two
 * processes may try at once; one wins.
 */
export async function createFileDurably(path: string, data: string | Uint8Array, mode = 0o600): Promise<boolean> {
  const beside = `${path}.${randomBytes(6).toString('hex')}.made`
  await writeFileDurably(beside, data, mode)
  try {
    await link(beside, path)
  } catch (thrown) {
    if (errorCode(thrown) === 'eexist') return false
    // A file system without hard links (exFAT): a rename is as whole, but the last of two would win.
    const there = await open(path, 'r').catch(() => null)
    await there?.close()
    if (there) return false
    await rename(beside, path)
    await flushFolder(dirname(path))
    return true
  } finally {
    await unlink(beside).catch(() => undefined)
  }
  await flushFolder(dirname(path))
  return true
}
