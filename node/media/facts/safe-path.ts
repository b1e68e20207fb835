import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, symlink, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** Lends paths that are safe to hand to a program line by line: absolute, and without characters that end a line. */
interface SafePaths {
  /** Runs `use` with a path that leads to the same file as `path`. */
  with<T>(path: string, use: (safe: string) => Promise<T>): Promise<T>
  close(): Promise<void>
}

export function createSafePaths(): SafePaths {
  let folder: Promise<string> | null = null
  return {
    async with(path, use) {
      const absolute = resolve(path)
      // Windows allows no such characters in names, and links only to the privileged.
      if (process.platform === 'win32' || /^[\w./ ()+,@-]*[\w)]$/.test(absolute)) return use(absolute)
      folder ??= mkdtemp(join(tmpdir(), 'homeroll-facts-'))
      const link = join(await folder, randomBytes(8).toString('hex'))
      await symlink(absolute, link)
      try {
        return await use(link)
      } finally {
        await unlink(link)
      }
    },
    async close() {
      const made = await folder
      folder = null
      if (made) await rm(made, { recursive: true, force: true })
    },
  }
}
