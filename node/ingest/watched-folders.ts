import { watch, type FSWatcher } from 'chokidar'
import { readFile, realpath, readdir, stat } from 'node:fs/promises'
import { isAbsolute, relative, sep } from 'node:path'
import { errorMessage, HomerollError } from '../../shared/errors/index.ts'
import { assetIdOf, type AssetId } from '../../shared/ids/index.ts'
import type { Operation, WatchedFolder } from '../../shared/schema/index.ts'
import { writeFileDurably } from '../platform/index.ts'
import type { Importer } from './importer.ts'
import type { Ledger } from './ledger.ts'
import { readFailure, worthTaking } from './walk.ts'

export interface WatchParts {
  /** Where the list of watched folders is kept. */
  file: string
  importer: Importer
  ledger: Ledger
  /** Originals known under a folder, with whether each is still there unchanged. */
  references(folder: string): AsyncIterable<{ sha256: Uint8Array; present: boolean }>
  /** Whether any store of this device holds the original. */
  held(sha256: Uint8Array): Promise<boolean>
  commit(operations: Operation[]): Promise<void>
  /** Originals that were missed are back. */
  onReturned(): void
  /** Folders that may not be watched: our own data. */
  avoid: string[]
}

/** Folders that are taken in as they change. Nothing in them is ever written or deleted. */
export interface WatchedFolders {
  list(): WatchedFolder[]
  /** Rejects with `not-a-folder`, `already-watched`, `inside-data`. */
  add(path: string, options: { copy: boolean }): Promise<WatchedFolder>
  remove(path: string): Promise<boolean>
  /** Folders being looked through right now. */
  scanning(): number
  close(): Promise<void>
}

interface Watched {
  path: string
  copy: boolean
  state: WatchedFolder['state']
  assets: number
  absent: number
  watcher: FSWatcher | null
  /** Tells one mounted disk from another under the same path. */
  mount: string | null
  changed: Set<string>
  timer: NodeJS.Timeout | null
  work: Promise<void>
  ended: boolean
}

const GATHER_MS = 500
const LOOK_MS = 5000

export async function openWatchedFolders(parts: WatchParts): Promise<WatchedFolders> {
  const folders = new Map<string, Watched>()
  for (const { path, copy } of await readList(parts.file)) open(path, copy)
  // Unmounting is not told by file events everywhere, so the folder itself is looked at now and then.
  const looking = setInterval(() => {
    for (const folder of folders.values()) schedule(folder, () => lookAtRoot(folder))
  }, LOOK_MS)
  looking.unref()

  function open(path: string, copy: boolean): Watched {
    const folder: Watched = {
      path,
      copy,
      state: 'scanning',
      assets: 0,
      absent: 0,
      watcher: null,
      mount: null,
      changed: new Set(),
      timer: null,
      work: Promise.resolve(),
      ended: false,
    }
    folders.set(path, folder)
    schedule(folder, () => lookAtRoot(folder))
    return folder
  }

  /** Work on one folder happens in turn. */
  function schedule(folder: Watched, work: () => Promise<void>): void {
    folder.work = folder.work
      .then(() => (folder.ended ? undefined : work()))
      .catch((thrown: unknown) => process.emitWarning(`watched folder ${folder.path}: ${errorMessage(thrown)}`))
  }

  async function lookAtRoot(folder: Watched): Promise<void> {
    const mount = await mountOf(folder.path)
    const waiting = folder.state === 'away' && (mount === null || (await isAway(folder.path)))
    if (mount === folder.mount && (waiting || (mount !== null && folder.state !== 'away'))) return
    folder.mount = mount
    await folder.watcher?.close()
    folder.watcher = null
    if (mount === null) {
      folder.state = 'away'
      await sweep(folder)
      return
    }
    folder.state = 'scanning'
    folder.watcher = follow(folder)
    await scan(folder)
  }

  function follow(folder: Watched): FSWatcher {
    const watcher = watch(folder.path, {
      ignoreInitial: true,
      ignorePermissionErrors: true,
      ignored: path => path !== folder.path && !worthTaking(relative(folder.path, path)),
    })
    const note = (path: string) => {
      folder.changed.add(path)
      folder.timer ??= setTimeout(() => {
        folder.timer = null
        schedule(folder, () => takeChanges(folder))
      }, GATHER_MS)
    }
    for (const event of ['add', 'change', 'unlink', 'unlinkDir'] as const) watcher.on(event, note)
    watcher.on('error', thrown => process.emitWarning(`watched folder ${folder.path}: ${errorMessage(thrown)}`))
    return watcher
  }

  async function takeChanges(folder: Watched): Promise<void> {
    const paths = [...folder.changed]
    folder.changed.clear()
    const there: string[] = []
    for (const path of paths) if (await stat(path).catch(() => null)) there.push(path)
    if (there.length > 0) await take(folder, there)
    await sweep(folder)
  }

  async function scan(folder: Watched): Promise<void> {
    folder.state = 'scanning'
    await take(folder, [folder.path])
    if (folder.ended) return
    folder.state = 'watching'
    await sweep(folder)
  }

  async function take(folder: Watched, paths: string[]): Promise<void> {
    const { id } = await parts.importer.start(paths, { inPlace: !folder.copy, quiet: true })
    await parts.importer.finished(id)
  }

  /** Tells the family which originals this device misses since the last look, and which are back. */
  async function sweep(folder: Watched): Promise<void> {
    if (folder.copy) return
    const there: AssetId[] = []
    const gone: AssetId[] = []
    for await (const { sha256, present } of parts.references(folder.path)) {
      if (folder.ended) return
      ;(present || (await parts.held(sha256)) ? there : gone).push(assetIdOf(sha256))
    }
    folder.assets = there.length + gone.length
    folder.absent = gone.length
    // Everything gone at once is a disk that was unplugged, not a family that deleted its photos.
    if (gone.length > 0 && there.length === 0 && (await isAway(folder.path))) {
      folder.state = 'away'
      return
    }
    const { absences } = parts.ledger
    const operations: Operation[] = [
      ...gone.filter(asset => !absences.has(asset)).map(asset => custody(asset, 'absent')),
      ...there.filter(asset => absences.has(asset)).map(asset => custody(asset, 'held')),
    ]
    for (let i = 0; i < operations.length; i += 100) await parts.commit(operations.slice(i, i + 100))
    for (const asset of gone) absences.add(asset)
    if (there.some(asset => absences.has(asset))) parts.onReturned()
    for (const asset of there) absences.remove(asset)
  }

  return {
    list: () => [...folders.values()].map(describe),
    async add(path, { copy }) {
      const real = await checked(path)
      const same = folders.get(real)
      if (same && same.copy === copy) return describe(same)
      const other = [...folders.keys()].find(known => inside(real, known) || inside(known, real))
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
    scanning: () =>
      [...folders.values()].filter(folder => folder.state === 'scanning' || folder.changed.size > 0).length,
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
    const ours = parts.avoid.find(own => inside(real, own))
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
    await folder.watcher?.close()
    await folder.work
  }
}

function describe({ path, copy, state, assets, absent }: Watched): WatchedFolder {
  return { path, copy, state, assets, absent }
}

function custody(asset: AssetId, state: 'held' | 'absent'): Operation {
  return { kind: 'original.custody', asset, state }
}

function inside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep)
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
