import { randomBytes } from 'node:crypto'
import { access, link, mkdir, open, rename, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { errorCode } from '../../shared/errors/index.ts'
import { flushFolder } from '../platform/index.ts'

/**
 * Makes the store's folder (0700: it holds the keys that sign the logs) and its marker file `CORESTORE`, by which the
 * store is locked and knows that it was copied. The store would make the marker itself, but a kill while it does, or a
 * power cut soon after, leaves an empty one, and with that it never opens again. So the marker is made here, whole.
 */
export async function prepareStoreFolder(folder: string, now: () => number = Date.now): Promise<void> {
  if (await mkdir(folder, { recursive: true, mode: 0o700 })) await flushFolder(dirname(folder))
  const marker = join(folder, 'CORESTORE')
  if (await exists(marker)) return
  const beside = `${marker}.${randomBytes(6).toString('hex')}.made`
  const file = await open(beside, 'wx', 0o600)
  try {
    // What the store compares at each opening; a copy has another inode.
    const lines = [
      `device/platform=${process.platform}`,
      `device/inode=${(await file.stat()).ino}`,
      `device/created=${now()}`,
    ]
    await file.writeFile(lines.map(line => `${line}\n`).join(''))
    await file.sync()
  } finally {
    await file.close()
  }
  try {
    await link(beside, marker)
  } catch (thrown) {
    // Another process was faster, or the file system has no hard links.
    if (errorCode(thrown) !== 'eexist' && !(await exists(marker))) await rename(beside, marker)
  }
  await unlink(beside).catch(() => undefined)
  await flushFolder(folder)
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
