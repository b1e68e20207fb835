import { opendir, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, extname, isAbsolute, join, resolve } from 'node:path'
import { HomerollError } from '../../shared/errors/index.ts'
import type { Folder } from '../../shared/schema/index.ts'
import { readFailure } from './walk.ts'

const PICTURE_NAMES = new Set(
  '.jpg .jpeg .png .webp .gif .avif .tif .tiff .heic .heif .dng .cr2 .cr3 .nef .arw .mp4 .mov .m4v'.split(' '),
)
const MAX_ENTRIES = 5000

/** The folders inside a folder of this machine, for choosing one. Null starts in the home folder. */
export async function browseFolder(path: string | null): Promise<Folder> {
  const at = path === null ? homedir() : resolve(path)
  if (path !== null && !isAbsolute(path)) {
    throw new HomerollError('bad-path', `${path} must be a full path`, { status: 400 })
  }
  const folders: Folder['folders'] = []
  let pictures = 0
  try {
    for await (const entry of await opendir(at, { bufferSize: 256 })) {
      if (entry.name.startsWith('.')) continue
      const inside = join(at, entry.name)
      const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && (await isDirectory(inside)))
      if (isFolder && folders.length < MAX_ENTRIES) folders.push({ name: entry.name, path: inside })
      else if (PICTURE_NAMES.has(extname(entry.name).toLowerCase())) pictures++
    }
  } catch (thrown) {
    const { code, message } = readFailure(at, thrown)
    throw new HomerollError(code, message, { status: code === 'disappeared' ? 404 : 403, cause: thrown })
  }
  folders.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }))
  const parent = dirname(at)
  return { path: at, parent: parent === at ? null : parent, folders, pictures, places: await startingPoints() }
}

async function startingPoints(): Promise<Folder['places']> {
  const home = homedir()
  const candidates = [
    { name: 'Home', path: home },
    { name: 'Pictures', path: join(home, 'Pictures') },
    { name: 'Desktop', path: join(home, 'Desktop') },
    { name: 'Downloads', path: join(home, 'Downloads') },
    { name: 'Drives', path: '/Volumes' },
    { name: 'Drives', path: '/media' },
    { name: 'Mounts', path: '/mnt' },
  ]
  const there = await Promise.all(candidates.map(candidate => isDirectory(candidate.path)))
  return candidates.filter((_, i) => there[i])
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    seen => seen.isDirectory(),
    () => false,
  )
}
