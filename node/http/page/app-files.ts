import { lstat, realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'

/** A built file of the app, as a path inside the app's folder, and whether its name holds its content's hash. */
interface AppFile {
  path: string
  hashed: boolean
}

/**
 * The app's file for an address's decoded path, null where there is none. Nothing outside the folder can be named, neither
 * by `..` nor through a symlink, and hidden files do not exist.
 */
export async function findAppFile(folder: string, path: string): Promise<AppFile | null> {
  const names = path.split('/').filter(name => name !== '')
  if (names.length === 0 || names.some(name => name.startsWith('.') || /[\\:\p{Cc}]/u.test(name))) return null
  const relative = names.join('/')
  const full = join(folder, ...names)
  try {
    const [root, real, own] = await Promise.all([realpath(folder), realpath(full), lstat(full)])
    if (!own.isFile() || real !== join(root, ...names) || !real.startsWith(root + sep)) return null
  } catch {
    return null
  }
  return { path: relative, hashed: names[0] === 'assets' && /-[\w-]{8,}\.\w+$/.test(relative) }
}
