import { readFile, realpath, readdir, stat } from 'node:fs/promises'
import { isAbsolute, relative } from 'node:path'
import { errorCode, errorMessage, HomerollError } from '../../shared/errors/index.ts'
import type { AssetId } from '../../shared/ids/index.ts'
import type { WatchedFolder } from '../../shared/schema/index.ts'
import { writeFileDurably } from '../platform/index.ts'
import { lookForAbsences, type AbsenceParts } from './absences.ts'
import { followFolder, type Follower } from './follow-folder.ts'
import type { Importer } from './importer.ts'
import { isInside, readFailure, worthTaking } from './walk.ts'

export interface WatchParts extends AbsenceParts {
  /** Where the list of watched folders is kept. */
  file: string
  importer: Importer
  /** Contents known by reference at a path or anywhere in it, whether they are there or not. */
  references(path: string): AsyncIterable<Uint8Array>
  /** Folders that may not be watched and are never looked into: our own data. Real paths. */
  avoid: string[]
}

/** Folders that are taken in as they change. Nothing in them is ever written or deleted. */
export interface WatchedFolders {
  list(): WatchedFolder[]
  /** Rejects with `not-a-folder`, `already-watched`, `inside-data`. */
  add(path: string, options: { copy: boolean }): Promise<WatchedFolder>
  remove(path: string): Promise<boolean>
  /** Folders of which something is to be done, gathered changes included. */
  scanning(): number
  close(): Promise<void>
}

interface Watched {
  path: string
  copy: boolean
  state: WatchedFolder['state']
  assets: number
  absent: Set<AssetId>
  follower: Follower | null
  /** Tells one mounted disk from another under the same path. */
  mount: string | null
  changed: Set<string>
  timer: NodeJS.Timeout | null
  work: Promise<void>
  /** Pieces of work not done so far. */
  pending: number
  /** The import under way. */
  taking: string | null
  /** When it was last looked through, where it cannot be followed everywhere. */
  blindSince: number | null
  countedAt: number
  ended: boolean
}

const GATHER_MS = 500
const LOOK_MS = 5000
/** How often a folder that the system does not let us follow is looked through. */
const BLIND_MS = 15 * 60_000
/** More changes than this at once are not listed: the whole folder is looked through instead. */
const MANY_CHANGES = 5000
/** Paths of one import. */
const TAKE = 1000
/** Counting a large folder anew after every change would cost more than the change. */
const COUNT_MS = 10_000
const SMALL = 2000

export async function openWatchedFolders(parts: WatchParts): Promise<WatchedFolders> {
  const folders = new Map<string, Watched>()
  for (const { path, copy } of await readList(parts.file)) open(path, copy)
  // Unmounting is not told by file events everywhere, so the folder itself is looked at now and then.
  const looking = setInterval(() => {
    for (const folder of folders.values()) if (folder.pending === 0) schedule(folder, () => lookAtRoot(folder))
  }, LOOK_MS)
  looking.unref()

  function open(path: string, copy: boolean): Watched {
    const folder: Watched = {
      path,
      copy,
      state: 'scanning',
      assets: 0,
      absent: new Set(),
      follower: null,
      mount: null,
      changed: new Set(),
      timer: null,
      work: Promise.resolve(),
      pending: 0,
      taking: null,
      blindSince: null,
      countedAt: -Infinity,
      ended: false,
    }
    folders.set(path, folder)
    schedule(folder, () => lookAtRoot(folder))
    return folder
  }

  /** Work on one folder happens in turn. */
  function schedule(folder: Watched, work: () => Promise<void>): void {
    folder.pending++
    folder.work = folder.work
      .then(() => (folder.ended ? undefined : work()))
      .catch((thrown: unknown) => {
        if (!folder.ended) process.emitWarning(`watched folder ${folder.path}: ${errorMessage(thrown)}`)
      })
      .finally(() => folder.pending--)
  }

  async function lookAtRoot(folder: Watched): Promise<void> {
    const mount = await mountOf(folder.path)
    const waiting = folder.state === 'away' && (mount === null || (await isAway(folder.path)))
    if (mount === folder.mount && (waiting || (mount !== null && folder.state !== 'away'))) {
      const blind = folder.blindSince !== null && performance.now() - folder.blindSince > BLIND_MS
      if (blind && !waiting) await scan(folder)
      return
    }
    folder.mount = mount
    folder.follower?.close()
    folder.follower = null
    if (mount === null) {
      folder.state = 'away'
      return
    }
    folder.state = 'scanning'
    folder.blindSince = null
    folder.follower = follow(folder)
    // What comes before this is found by looking, what comes after it is told.
    await folder.follower.ready
    await scan(folder)
  }

  function follow(folder: Watched): Follower {
    return followFolder(folder.path, {
      ignored: path => path !== folder.path && isIgnored(folder, path),
      onChange(path) {
        if (folder.ended) return
        folder.changed.add(path)
        folder.timer ??= setTimeout(() => {
          folder.timer = null
          schedule(folder, () => takeChanges(folder))
        }, GATHER_MS)
      },
      onFault(fault) {
        if (folder.blindSince !== null) return
        folder.blindSince = performance.now()
        process.emitWarning(`watched folder ${folder.path}: ${fault.message}`)
      },
    })
  }

  function isIgnored(folder: Watched, path: string): boolean {
    return !worthTaking(relative(folder.path, path)) || parts.avoid.some(own => isInside(path, own))
  }

  async function takeChanges(folder: Watched): Promise<void> {
    const paths = [...folder.changed]
    folder.changed.clear()
    if (folder.state === 'away') return
    if (paths.length > MANY_CHANGES) return scan(folder)
    for (let i = 0; i < paths.length; i += TAKE) {
      const some = paths.slice(i, i + TAKE)
      const seen = await Promise.all(some.map(path => stat(path).catch(() => null)))
      const files = await take(
        folder,
        some.filter((_, n) => seen[n]),
      )
      if (folder.copy) folder.assets += files.imported
    }
    if (folder.ended || folder.copy) return
    const looked = await lookForAbsences(each(paths), parts, () => folder.ended)
    if (looked.gone.length > 0 && (await isAway(folder.path))) return lookThrough(folder)
    await looked.tell()
    for (const asset of looked.gone) folder.absent.add(asset)
    for (const asset of looked.back) folder.absent.delete(asset)
    await lookThrough(folder, false)
  }

  async function* each(paths: string[]): AsyncGenerator<Uint8Array> {
    for (const path of paths) yield* parts.references(path)
  }

  async function scan(folder: Watched): Promise<void> {
    folder.state = 'scanning'
    if (folder.blindSince !== null) folder.blindSince = performance.now()
    const { imported, duplicates } = await take(folder, [folder.path])
    if (folder.ended) return
    if (folder.copy) folder.assets = imported + duplicates
    await lookThrough(folder)
    if (folder.state === 'scanning') folder.state = 'watching'
  }

  async function take(folder: Watched, paths: string[]): Promise<{ imported: number; duplicates: number }> {
    if (paths.length === 0 || folder.ended) return { imported: 0, duplicates: 0 }
    try {
      folder.taking = (await parts.importer.start(paths, { inPlace: !folder.copy, quiet: true })).id
      if (folder.ended) parts.importer.stop(folder.taking)
      const end = await parts.importer.finished(folder.taking)
      return end?.files ?? { imported: 0, duplicates: 0 }
    } catch (thrown) {
      // Gone again in the meantime: the look that follows tells.
      if (errorCode(thrown) !== 'no-such-path') throw thrown
      return { imported: 0, duplicates: 0 }
    } finally {
      folder.taking = null
    }
  }

  /** Counts what is there and what is missing, and tells the family of what changed since the last look. */
  async function lookThrough(folder: Watched, atOnce = true): Promise<void> {
    if (folder.copy) return
    if (!atOnce && folder.assets > SMALL && performance.now() - folder.countedAt < COUNT_MS) return
    const looked = await lookForAbsences(parts.references(folder.path), parts, () => folder.ended)
    if (folder.ended) return
    folder.countedAt = performance.now()
    folder.assets = looked.there + looked.gone.length
    folder.absent = new Set(looked.gone)
    // Everything gone at once is a disk that was unplugged, not a family that deleted its photos.
    if (looked.gone.length > 0 && looked.there === 0 && (await isAway(folder.path))) folder.state = 'away'
    else await looked.tell()
  }

  return {
    list: () => [...folders.values()].map(describe),
    async add(path, { copy }) {
      const real = await checked(path)
      const same = folders.get(real)
      if (same && same.copy === copy) return describe(same)
      const other = [...folders.keys()].find(known => isInside(real, known) || isInside(known, real))
      if (other !== undefined) {
        const message = `${real} cannot be watched: ${other} is watched already`
        throw new HomerollError('already-watched', message, { status: 409 })
      }
      const folder = open(real, copy)
      await save()
      return describe(folder)
    },
    async remove(path) {
      const real = folders.has(path) ? path : await realpath(path).catch(() => path)
      const folder = folders.get(real)
      if (!folder) return false
      folders.delete(real)
      await save()
      await end(folder)
      return true
    },
    scanning: () => [...folders.values()].filter(folder => folder.pending > 0 || folder.timer !== null).length,
    async close() {
      clearInterval(looking)
      await Promise.all([...folders.values()].map(end))
    },
  }

  async function checked(path: string): Promise<string> {
    if (!isAbsolute(path)) throw new HomerollError('bad-path', `${path} must be a full path`, { status: 400 })
    let real: string
    try {
      real = await realpath(path)
      if (!(await stat(real)).isDirectory()) {
        throw new HomerollError('not-a-folder', `${path} is not a folder`, { status: 400 })
      }
    } catch (thrown) {
      if (thrown instanceof HomerollError) throw thrown
      const { message } = readFailure(path, thrown)
      throw new HomerollError('not-a-folder', message, { status: 404, cause: thrown })
    }
    const ours = parts.avoid.find(own => isInside(real, own))
    if (ours === undefined) return real
    throw new HomerollError('inside-data', `${path} lies in ${ours}, where Homeroll keeps its own data`, {
      status: 400,
    })
  }

  async function save(): Promise<void> {
    const list = [...folders.values()].map(({ path, copy }) => ({ path, copy }))
    await writeFileDurably(parts.file, `${JSON.stringify(list, null, 2)}\n`)
  }

  async function end(folder: Watched): Promise<void> {
    folder.ended = true
    if (folder.timer) clearTimeout(folder.timer)
    folder.timer = null
    folder.follower?.close()
    if (folder.taking !== null) parts.importer.stop(folder.taking)
    await folder.work
  }
}

function describe({ path, copy, state, assets, absent }: Watched): WatchedFolder {
  return { path, copy, state, assets, absent: absent.size }
}

async function mountOf(path: string): Promise<string | null> {
  const seen = await stat(path).catch(() => null)
  return seen?.isDirectory() ? `${seen.dev}:${seen.ino}` : null
}

async function isAway(path: string): Promise<boolean> {
  return readdir(path).then(
    names => names.length === 0,
    () => true,
  )
}

async function readList(file: string): Promise<{ path: string; copy: boolean }[]> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch {
    return []
  }
  try {
    const list = JSON.parse(text) as { path: string; copy: boolean }[]
    return list.filter(entry => typeof entry.path === 'string').map(({ path, copy }) => ({ path, copy: copy === true }))
  } catch (cause) {
    const message = `${file} is damaged: move it away and add your watched folders again`
    throw new HomerollError('watch-list-damaged', message, { cause })
  }
}
