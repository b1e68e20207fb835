import { randomBytes } from 'node:crypto'
import { constants, createWriteStream } from 'node:fs'
import {
  access,
  chmod,
  copyFile,
  link,
  mkdir,
  open,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  unlink,
} from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, resolve, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { errorCode, errorMessage, HomerollError } from '../../shared/errors/index.ts'
import { fromHex, toHex } from '../../shared/ids/index.ts'
import type { AssetRecord, ImportFailure } from '../../shared/schema/index.ts'
import { safeFileName, type Hasher, type OriginalStore } from '../originals/index.ts'
import { flushFolder, writeFileDurably } from '../platform/index.ts'
import { SIDECAR_MARK, xmpSidecar } from './sidecar.ts'

export interface ExportParts {
  assets: AsyncIterable<AssetRecord>
  originals: Pick<OriginalStore, 'get' | 'pathOf'>
  hasher: Pick<Hasher, 'sha256File'>
  /** Folders of ours that must not be exported into. */
  avoid: string[]
}

export interface Exported {
  exported: number
  /** Already there with the same content. */
  present: number
  failed: ImportFailure[]
}

const MAX_SAME_NAMES = 10_000

/**
 * Copies originals and their XMP sidecars to `folder` as `YYYY/YYYY-MM/name`, each verified after writing. Doing it again
 * copies only what is new; a file that is there already is never replaced. Trashed assets stay behind.
 */
export async function exportTo(folder: string, parts: ExportParts, signal?: AbortSignal): Promise<Exported> {
  if (!isAbsolute(folder)) throw new HomerollError('bad-path', `${folder} must be a full path`, { status: 400 })
  const target = resolve(folder)
  const real = await realPathOf(target)
  const own = await Promise.all(parts.avoid.map(realPathOf))
  const ours = own.find(path => real === path || real.startsWith(path.endsWith(sep) ? path : path + sep))
  if (ours !== undefined) {
    const message = `${target} lies in ${ours}, where Homeroll keeps its own data: export somewhere else`
    throw new HomerollError('inside-data', message, { status: 400 })
  }
  const result: Exported = { exported: 0, present: 0, failed: [] }
  for await (const asset of parts.assets) {
    signal?.throwIfAborted()
    if (asset.trashed) continue
    try {
      const outcome = await exportOne(target, asset, parts, signal)
      result[outcome]++
    } catch (thrown) {
      signal?.throwIfAborted()
      const code = errorCode(thrown)
      if (thrown instanceof TargetFault) throw whyNot(target, result.exported, thrown.cause)
      result.failed.push({ path: asset.fileName, code, message: errorMessage(thrown) })
    }
  }
  return result
}

async function exportOne(
  target: string,
  asset: AssetRecord,
  parts: ExportParts,
  signal?: AbortSignal,
): Promise<'exported' | 'present'> {
  const folder = join(target, asset.takenAt.slice(0, 4), asset.takenAt.slice(0, 7))
  await writing(mkdir(folder, { recursive: true }))
  for (let same = 1; same <= MAX_SAME_NAMES; same++) {
    const path = join(folder, safeFileName(asset.fileName, same === 1 ? '' : ` (${same})`))
    const there = await stat(path).catch(() => null)
    if (there) {
      if (there.size !== asset.bytes) continue
      const found = await parts.hasher.sha256File(path, signal ? { signal } : {})
      if (found.outcome !== 'hashed' || toHex(found.sha256) !== asset.sha256) continue
      await writing(writeSidecar(path, asset))
      return 'present'
    }
    if (!(await copyVerified(path, asset, parts, signal))) continue
    await writing(writeSidecar(path, asset))
    return 'exported'
  }
  throw new HomerollError('too-many-names', `${folder} holds too many files named ${asset.fileName}`)
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+')
  await file.sync().finally(() => file.close())
}

/** The folder that is exported to cannot take more: no use in trying the next asset. */
class TargetFault extends Error {}

const TARGET_CODES = new Set(['enospc', 'edquot', 'erofs', 'eacces', 'eperm', 'enotdir'])

async function writing<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (cause) {
    throw TARGET_CODES.has(errorCode(cause)) ? new TargetFault(errorMessage(cause), { cause }) : cause
  }
}

function whyNot(target: string, exported: number, cause: unknown): HomerollError {
  const full = ['enospc', 'edquot'].includes(errorCode(cause))
  const why = full ? 'the disk is full: free some space and export again' : 'it may not be written'
  const message = `${target}: ${why} (${exported} exported so far)`
  return new HomerollError(full ? 'disk-full' : 'not-writable', message, { status: full ? 507 : 403, cause })
}

/** Where a path leads, also where its end is not there yet. */
async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch {
    const parent = dirname(path)
    return parent === path ? path : join(await realPathOf(parent), basename(path))
  }
}

/** False when another file took the name meanwhile. */
async function copyVerified(path: string, asset: AssetRecord, parts: ExportParts, signal?: AbortSignal) {
  const beside = `${path}.${randomBytes(4).toString('hex')}.part`
  try {
    const sha256 = fromHex(asset.sha256)
    const from = await parts.originals.pathOf(sha256)
    if (from !== null) {
      // Who is to blame where the call fails: it names both files and not which of them it was.
      await access(from, constants.R_OK)
      await writing(copyFile(from, beside, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE))
      // A copy takes the mode along, and an original may be one that nobody may write.
      await writing(chmod(beside, 0o644))
    } else {
      const stream = await parts.originals.get(sha256)
      if (!stream) throw new HomerollError('not-held', `${asset.fileName}: this device does not hold the original now`)
      await writing(pipeline(stream, createWriteStream(beside, { flags: 'wx' }), signal ? { signal } : {}))
    }
    await writing(flush(beside))
    const written = await parts.hasher.sha256File(beside, signal ? { signal } : {})
    if (written.outcome !== 'hashed' || toHex(written.sha256) !== asset.sha256) {
      const message = `${asset.fileName}: the original on this device is damaged; run verify`
      throw new HomerollError('corrupt', message)
    }
    return await writing(placeNew(beside, path))
  } finally {
    await rm(beside, { force: true })
  }
}

/** Gives a file its name unless somebody else has it. File systems without hard links get a rename after a look. */
async function placeNew(beside: string, path: string): Promise<boolean> {
  try {
    await link(beside, path)
    await unlink(beside)
  } catch (thrown) {
    if (errorCode(thrown) === 'eexist') return false
    if (await stat(path).catch(() => null)) return false
    await rename(beside, path)
  }
  await flushFolder(join(path, '..'))
  return true
}

/** Our own sidecar is replaced by what the catalogue says now; one that another program wrote is left alone. */
async function writeSidecar(path: string, asset: AssetRecord): Promise<void> {
  const sidecar = `${path}.xmp`
  const there = await readFile(sidecar, 'utf8').catch(() => null)
  const next = xmpSidecar(asset)
  if (there === next || (there !== null && !there.includes(`x:xmptk="${SIDECAR_MARK}"`))) return
  await writeFileDurably(sidecar, next, 0o644)
}
