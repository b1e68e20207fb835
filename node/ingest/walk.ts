import type { Dirent } from 'node:fs'
import { opendir, realpath, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
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
  eio: 'cannot be read: the disk reports an error',
}

/** What to tell people about a path that the system would not let us read. */
export function readFailure(path: string, thrown: unknown): ImportFailure {
  const code = errorCode(thrown)
  const reason = reasons[code] ?? `cannot be read (${code})`
  const shown = code === 'enoent' ? 'disappeared' : code === 'eacces' || code === 'eperm' ? 'unreadable' : code
  return { path, code: shown, message: `${path} ${reason}` }
}

/**
 * Everything to take in under `paths`, folder by folder, names in order; links are followed, each real folder is entered
 * once, so that loops end. What cannot be read is yielded as a failure and the walk goes on. Folders in `avoid` (our own
 * data) are never entered.
 */
export async function* walk(paths: string[], avoid: string[], signal?: AbortSignal): AsyncGenerator<Found> {
  const avoided = new Set(await Promise.all(avoid.map(path => realpath(path).catch(() => resolve(path)))))
  const entered = new Set<string>()
  for (const path of paths) yield* visit(resolve(path), { avoided, entered, signal })
}

interface Walk {
  avoided: Set<string>
  entered: Set<string>
  signal: AbortSignal | undefined
}

async function* visit(path: string, walk: Walk): AsyncGenerator<Found> {
  walk.signal?.throwIfAborted()
  let seen
  try {
    seen = await stat(path)
  } catch (thrown) {
    yield { kind: 'failure', failure: readFailure(path, thrown) }
    return
  }
  if (seen.isFile()) {
    yield { kind: 'file', path, bytes: seen.size, modifiedMs: Math.floor(seen.mtimeMs) }
  } else if (seen.isDirectory()) {
    yield* visitFolder(path, walk)
  } else {
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
    for await (const entry of await opendir(path, { bufferSize: 256 })) if (wanted(entry)) names.push(entry.name)
  } catch (thrown) {
    yield { kind: 'failure', failure: readFailure(path, thrown) }
    return
  }
  names.sort((a, b) => (a < b ? -1 : 1))
  for (const name of names) yield* visit(join(path, name), walk)
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
