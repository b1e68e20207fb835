import { watch, type FSWatcher } from 'node:fs'
import { lstat, opendir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode, HomerollError } from '../../shared/errors/index.ts'
import { isInside } from './walk.ts'

/** Tells of changes anywhere in a folder: one watch a folder, none a file, so that 200,000 photos cost next to nothing. */
export interface Follower {
  /** Resolves when every folder there was is watched: what changes from here on is told. */
  ready: Promise<void>
  close(): void
}

export interface FollowOptions {
  /** Paths of which nothing is told, nor of anything in them. */
  ignored(path: string): boolean
  /** A path that appeared, changed or went; a folder stands for all that is in it. */
  onChange(path: string): void
  /** Something cannot be watched: changes there go unnoticed until the folder is looked through again. */
  onFault(fault: HomerollError): void
}

/** These systems watch a tree with one handle. */
const WHOLE_TREES = process.platform === 'darwin' || process.platform === 'win32'

export function followFolder(root: string, options: FollowOptions): Follower {
  const watchers = new Map<string, FSWatcher>()
  /** Real folders elsewhere that links lead to: each once, so that loops end. */
  const linked = new Map<string, string>()
  let closed = false

  function tell(path: string): void {
    if (!closed && !options.ignored(path)) options.onChange(path)
  }

  function fault(path: string, cause: unknown): void {
    if (closed || ['enoent', 'enotdir', 'eacces', 'eperm'].includes(errorCode(cause))) return
    const many = ['enospc', 'emfile'].includes(errorCode(cause))
    const why = many
      ? 'this system watches no more folders: raise its limit (fs.inotify.max_user_watches)'
      : String(cause)
    options.onFault(new HomerollError('cannot-watch', `changes in ${path} are not noticed: ${why}`, { cause }))
  }

  function leave(path: string): void {
    for (const [known, watcher] of watchers) {
      if (!isInside(known, path)) continue
      watcher.close()
      watchers.delete(known)
    }
    for (const [real, link] of linked) if (isInside(link, path)) linked.delete(real)
  }

  /** True when the folder is watched now and was not before. */
  function listen(folder: string): boolean {
    if (closed || watchers.has(folder)) return false
    try {
      const watcher = watch(folder, { recursive: WHOLE_TREES }, (event, name) => {
        const path = name === null ? folder : join(folder, name)
        tell(path)
        if (event === 'rename' && name !== null && !WHOLE_TREES) void appeared(path)
      })
      watcher.on('error', cause => {
        leave(folder)
        fault(folder, cause)
      })
      watchers.set(folder, watcher)
      return true
    } catch (cause) {
      fault(folder, cause)
      return false
    }
  }

  async function enter(folder: string): Promise<void> {
    if (!listen(folder) || WHOLE_TREES) return
    try {
      for await (const entry of await opendir(folder, { bufferSize: 256 })) {
        if (closed) return
        const path = join(folder, entry.name)
        if (options.ignored(path)) continue
        if (entry.isDirectory() || (entry.isSymbolicLink() && (await leadsOut(path)))) await enter(path)
      }
    } catch (cause) {
      fault(folder, cause)
    }
  }

  /** A link to a folder that is not followed so far; links to what lies in the root are, as what they lead to. */
  async function leadsOut(path: string): Promise<boolean> {
    try {
      const real = await realpath(path)
      if (isInside(real, root) || linked.has(real) || !(await stat(path)).isDirectory()) return false
      linked.set(real, path)
      return true
    } catch {
      return false
    }
  }

  async function appeared(path: string): Promise<void> {
    if (closed || options.ignored(path)) return
    const seen = await lstat(path).catch(() => null)
    // Another folder may have taken the name: the old watch goes with the old one.
    if (watchers.has(path)) leave(path)
    if (!seen?.isDirectory() && !(seen?.isSymbolicLink() && (await leadsOut(path)))) return
    await enter(path)
    // What came into it before it was watched.
    tell(path)
  }

  return {
    ready: enter(root),
    close() {
      closed = true
      for (const watcher of watchers.values()) watcher.close()
      watchers.clear()
    },
  }
}
