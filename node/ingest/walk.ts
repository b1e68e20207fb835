import type { Dirent, Stats } from 'node:fs'
import { opendir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'
import { errorCode } from '../../shared/errors/index.ts'
import type { ImportFailure } from '../../shared/schema/index.ts'

export type Found =
  { kind: 'file'; path: string; bytes: number; modifiedMs: number } | { kind: 'failure'; failure: ImportFailure }

/** Files that systems and programs leave behind; nobody means them when saying "this folder". */
const LITTER = new Set(['thumbs.db', 'desktop.ini', 'ehthumbs.db', 'icon\r', '@eadir', '#recycle', '$recycle.bin'])

function isLitter(name: string): boolean {
  return name.startsWith('.') || LITTER.has(name.toLowerCase()) || name === 'System Volume Information'
}

const reasons: Record<string, string> = {
  enoent: 'is not there (any more)',
  eacces: 'may not be read: give this user permission to read it',
  eperm: 'may not be read: give this user permission to read it',
  eloop: 'is a link that leads back to itself',
  enametoolong: 'has a name that is too long for this system',
  enotdir: 'lies under something that is not a folder',
  'not-a-file': 'is not a file any more',
  eio: 'cannot be read: the disk reports an error',
}

/** What to tell people about a path that the system would not let us read. */
export function readFailure(path: string, thrown: unknown): ImportFailure {
  const code = errorCode(thrown)
  // Node reads names as UTF-8, and what it could not read so it cannot open under the name that it made of it.
  if (code === 'enoent' && path.includes('\ufffd')) {
    return { path, code: 'bad-name', message: `${path} has a name that is not valid UTF-8: rename it, then try again` }
  }
  const reason = reasons[code] ?? `cannot be read (${code})`
  const shown = code === 'enoent' ? 'disappeared' : code === 'eacces' || code === 'eperm' ? 'unreadable' : code
  return { path, code: shown, message: `${path} ${reason}` }
}

/** Files looked at in one go: enough to keep a slow disk busy. */
const LOOK_AHEAD = 64

/**
 * Everything to take in under `paths`, folder by folder, names in order, each path once; links are followed, each real
 * folder is entered once, so that loops end. What cannot be read is yielded as a failure and the walk goes on. Folders in
 * `avoid` (our own data) are never entered.
 */
export async function* walk(paths: string[], avoid: string[], signal?: AbortSignal): AsyncGenerator<Found> {
  const avoided = new Set(await Promise.all(avoid.map(path => realpath(path).catch(() => resolve(path)))))
  const given = new Set(paths.map(path => resolve(path)))
  const at: Walk = { avoided, given, entered: new Set(), signal }
  for (const path of given) {
    const ours = await realpath(dirname(path)).then(
      real => [...avoided].find(own => isInside(join(real, basename(path)), own)),
      () => undefined,
    )
    if (ours === undefined || avoided.has(path)) yield* visit(path, at)
    else {
      const message = `${path} lies in ${ours}, where Homeroll keeps its own data`
      yield { kind: 'failure', failure: { path, code: 'inside-data', message } }
    }
  }
}

/** Whether a path is a folder or lies in it, judged by the names alone. */
export function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep)
}

interface Walk {
  avoided: Set<string>
  /** Paths that were asked for by name: yielded in their own turn, not again as part of a folder. */
  given: Set<string>
  entered: Set<string>
  signal: AbortSignal | undefined
}

async function* visit(path: string, walk: Walk): AsyncGenerator<Found> {
  walk.signal?.throwIfAborted()
  yield* seenAs(path, await look(path), walk)
}

/** Never rejects, so that many can be under way. */
function look(path: string): Promise<{ seen: Stats } | { thrown: unknown }> {
  return stat(path).then(
    seen => ({ seen }),
    (thrown: unknown) => ({ thrown }),
  )
}

async function* seenAs(path: string, looked: Awaited<ReturnType<typeof look>>, walk: Walk): AsyncGenerator<Found> {
  if ('thrown' in looked) yield { kind: 'failure', failure: readFailure(path, looked.thrown) }
  else if (looked.seen.isFile()) {
    yield { kind: 'file', path, bytes: looked.seen.size, modifiedMs: Math.floor(looked.seen.mtimeMs) }
  } else if (looked.seen.isDirectory()) yield* visitFolder(path, walk)
  else {
    const failure = { path, code: 'not-a-file', message: `${path} is neither a file nor a folder` }
    yield { kind: 'failure', failure }
  }
}

async function* visitFolder(path: string, walk: Walk): AsyncGenerator<Found> {
  let names: string[]
  try {
    const real = await realpath(path)
    if (walk.avoided.has(real) || walk.entered.has(real)) return
    walk.entered.add(real)
    names = []
    for await (const entry of await opendir(path, { bufferSize: 256 })) {
      if (wanted(entry) && !walk.given.has(join(path, entry.name))) names.push(entry.name)
    }
  } catch (thrown) {
    yield { kind: 'failure', failure: readFailure(path, thrown) }
    return
  }
  names.sort((a, b) => (a < b ? -1 : 1))
  for (let i = 0; i < names.length; i += LOOK_AHEAD) {
    const ahead = names.slice(i, i + LOOK_AHEAD).map(name => join(path, name))
    const looked = await Promise.all(ahead.map(look))
    for (const [n, inside] of ahead.entries()) {
      walk.signal?.throwIfAborted()
      yield* seenAs(inside, looked[n] as (typeof looked)[number], walk)
    }
  }
}

function wanted(entry: Dirent): boolean {
  return !isLitter(entry.name) && (entry.isFile() || entry.isDirectory() || entry.isSymbolicLink())
}

/** Whether a path inside a watched folder is one that `walk` would yield, judged by its names alone. */
export function worthTaking(path: string): boolean {
  return (
    !isLitter(basename(path)) && !path.split(/[\\/]/).some(part => part.length > 1 && part !== '..' && isLitter(part))
  )
}
