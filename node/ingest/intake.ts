import { stat } from 'node:fs/promises'
import { assetIdOf, toHex, type AssetId } from '../../shared/ids/index.ts'
import { errorCode, HomerollError } from '../../shared/errors/index.ts'
import type { Facts, Operation } from '../../shared/schema/index.ts'
import type { ThumbnailStore } from '../drive/index.ts'
import { FIRST_VIEW_VERSION, type Identified, type Media, type Picture } from '../media/index.ts'
import type { OriginalStore, PutOutcome } from '../originals/index.ts'
import { readFailure } from './walk.ts'

/** What the catalogue knows of an original. */
export type KnownState = 'pending' | 'ready' | 'damaged'
export interface Known {
  state: KnownState
  problem: { code: string; message: string } | null
  /** Whether this device says it holds the original. */
  held: boolean
}

/** What taking in needs from other rooms. */
export interface IntakeParts {
  media: Pick<Media, 'identify' | 'firstView'>
  hash(path: string, signal?: AbortSignal): Promise<Hashed>
  thumbnails: Pick<ThumbnailStore, 'put'>
  /** Whether any store of this device holds the original. */
  held(sha256: Uint8Array): Promise<boolean>
  /** The asset of an original, by hexadecimal SHA-256; null where the catalogue has none. */
  known(sha256: string): Promise<Known | null>
  /** The content that was known by reference at a path, whatever is there now; null where none was. */
  referredTo(path: string): Uint8Array | null
  commit(operations: Operation[]): Promise<void>
  /** Told of every asset that is new here and lacks its renditions. */
  onNew(asset: NewAsset): void
}

export type Hashed =
  | { outcome: 'hashed'; sha256: Uint8Array; sha1: Uint8Array; bytes: number; modifiedMs: number }
  | { outcome: 'changed' }

export interface NewAsset {
  asset: AssetId
  sha256: Uint8Array
  /** Local date-time of the first view. */
  takenAt: string
}

export type IntakeOutcome =
  | { outcome: 'imported'; asset: AssetId; sha256: Uint8Array }
  | { outcome: 'duplicate'; asset: AssetId; sha256: Uint8Array }
  | { outcome: 'failed'; code: string; message: string }
  /** Still being written by someone: to be tried again. */
  | { outcome: 'changed' }

export interface IntakeRequest {
  /** Where the bytes lie now. */
  path: string
  /** What people call it: the path of the file as they know it. */
  shownPath: string
  fileName: string
  fileTime: number
  store: OriginalStore
  /** Keep a reference to where it lies instead of a copy. */
  byReference: boolean
  consume: boolean
}

export interface Intake {
  /**
   * Takes one file in: identify, hash, recognise, first view, store, log. Resolves `imported` only once the original and
   * the operation that names it would survive a power cut. Rejects with `disk-full` and the like, where nothing of the
   * file itself is wrong.
   */
  take(request: IntakeRequest, signal?: AbortSignal): Promise<IntakeOutcome>
}

/** Longest file name kept in the catalogue, in UTF-16 units. */
const MAX_NAME = 1024

export function createIntake(parts: IntakeParts): Intake {
  /** Contents being taken in right now, so that the second of two equal files waits for the first. */
  const underWay = new Map<string, Promise<unknown>>()

  async function take(request: IntakeRequest, signal?: AbortSignal): Promise<IntakeOutcome> {
    let identified: Identified
    let hashed: Hashed
    try {
      const { size } = await stat(request.path)
      if (size === 0) return failed('empty', `${request.shownPath} is empty: it has no bytes to keep`)
      const identity = await parts.media.identify(request.path)
      if (identity.outcome !== 'known') return refusal(request.shownPath, identity)
      identified = identity.identified
      hashed = await parts.hash(request.path, signal)
    } catch (thrown) {
      signal?.throwIfAborted()
      return unreadable(request.shownPath, thrown)
    }
    if (hashed.outcome === 'changed') return hashed
    const key = toHex(hashed.sha256)
    while (underWay.has(key)) await underWay.get(key)
    const work = takeContent(request, identified, hashed, signal)
    underWay.set(
      key,
      work.catch(() => undefined).finally(() => underWay.delete(key)),
    )
    try {
      return await work
    } catch (thrown) {
      signal?.throwIfAborted()
      if (!READ_FAULTS.has(errorCode(thrown))) throw thrown
      return unreadable(request.shownPath, thrown)
    }
  }

  async function takeContent(
    request: IntakeRequest,
    identified: Identified,
    hashed: Hashed & { outcome: 'hashed' },
    signal: AbortSignal | undefined,
  ): Promise<IntakeOutcome> {
    const { sha256 } = hashed
    const asset = assetIdOf(sha256)
    const custody: Operation = { kind: 'original.custody', asset, state: 'held' }
    const known = await parts.known(toHex(sha256))
    if (known && (await parts.held(sha256))) {
      // Another path to the same content costs no bytes, and one of them may go away.
      if (request.byReference) {
        const put = await refer(request, hashed, fallbackTime(request.fileTime), signal)
        if (put.outcome === 'mismatch') return { outcome: 'changed' }
      }
      // It was missed, and came back by another way than this.
      if (!known.held) await parts.commit([custody])
      return duplicate(known, asset, sha256, request.shownPath)
    }
    const fileTime = Math.floor(request.fileTime)
    const view = known ? null : await parts.media.firstView(request.path, identified, fileTime, signal)
    const takenAt = view?.facts.takenAt ?? fallbackTime(fileTime)
    const put = await refer(request, hashed, takenAt, signal)
    if (put.outcome === 'mismatch') return { outcome: 'changed' }
    if (!view) {
      // The catalogue knew the asset but this device had lost, or never had, its original.
      await parts.commit([custody])
      if (known?.state === 'pending') parts.onNew({ asset, sha256, takenAt })
      return duplicate(known as Known, asset, sha256, request.shownPath)
    }
    if (view.standIn) standIn(asset, view.standIn)
    await parts.commit([...addition(request.fileName, identified, hashed, view.facts), custody])
    parts.onNew({ asset, sha256, takenAt })
    return { outcome: 'imported', asset, sha256 }
  }

  /** Stores. Where the path held another content before, and nothing else here does, the family is told that it is gone. */
  async function refer(
    request: IntakeRequest,
    hashed: Hashed & { outcome: 'hashed' },
    takenAt: string,
    signal: AbortSignal | undefined,
  ): Promise<PutOutcome> {
    const before = request.byReference ? parts.referredTo(request.path) : null
    // Before the reference goes: a kill in between must not leave it unsaid.
    if (before && toHex(before) !== toHex(hashed.sha256) && !(await parts.held(before))) {
      await parts.commit([{ kind: 'original.custody', asset: assetIdOf(before), state: 'absent' }])
    }
    return store(request, hashed, takenAt, signal)
  }

  function standIn(asset: AssetId, { bytes, mime }: Picture): void {
    try {
      parts.thumbnails.put([{ asset, thumbnail: { bytes, mime, version: 0 } }])
    } catch {
      // Only something to look at for the moment: the rendition comes.
    }
  }

  return { take }
}

/** `takenAt` names the folder of a copy. */
function store(request: IntakeRequest, hashed: Hashed & { outcome: 'hashed' }, takenAt: string, signal?: AbortSignal) {
  return request.store.put(
    { kind: 'file', path: request.path, consume: request.consume },
    { sha256: hashed.sha256, bytes: hashed.bytes, modifiedMs: hashed.modifiedMs },
    { fileName: request.fileName, takenAt },
    signal,
  )
}

function fallbackTime(fileTime: number): string {
  return new Date(fileTime).toISOString().slice(0, 19)
}

function addition(
  fileName: string,
  identified: Identified,
  hashed: Hashed & { outcome: 'hashed' },
  facts: Facts,
): Operation[] {
  const asset = assetIdOf(hashed.sha256)
  return [
    {
      kind: 'asset.added',
      sha256: toHex(hashed.sha256),
      sha1: toHex(hashed.sha1),
      bytes: hashed.bytes,
      mime: identified.mime,
      type: identified.type,
      fileName: wellFormed(fileName),
    },
    { kind: 'asset.facts', asset, version: FIRST_VIEW_VERSION, facts },
  ]
}

/** A name that every device can encode: no lone surrogates, bounded. */
function wellFormed(name: string): string {
  return name.slice(0, MAX_NAME).toWellFormed() || 'unnamed'
}

function duplicate(known: Known, asset: AssetId, sha256: Uint8Array, path: string): IntakeOutcome {
  if (known.state !== 'damaged') return { outcome: 'duplicate', asset, sha256 }
  const problem = known.problem ?? { code: 'damaged', message: 'it cannot be shown' }
  return failed(problem.code, `${path}: ${problem.message}`)
}

function failed(code: string, message: string): IntakeOutcome {
  return { outcome: 'failed', code, message }
}

function refusal(path: string, identity: { outcome: 'unsupported'; name: string } | { outcome: 'unknown' }) {
  if (identity.outcome === 'unsupported') {
    return failed('unsupported', `${path} is ${identity.name}, which this version does not take in`)
  }
  return failed('unsupported', `${path} holds no picture or video that this version knows, whatever its name says`)
}

/** Faults of the file at hand, not of this device, as the system names them: the import goes on without it. */
const READ_FAULTS = new Map([
  ['source-missing', 'enoent'],
  ['source-denied', 'eacces'],
  ['not-a-file', 'not-a-file'],
  ['read-failed', 'eio'],
])

function unreadable(path: string, thrown: unknown): IntakeOutcome {
  const ours = thrown instanceof HomerollError
  const system = ours ? READ_FAULTS.get(thrown.code) : errorCode(thrown)
  if (system === undefined) throw thrown
  const { code, message } = readFailure(path, { code: system })
  return failed(code, message)
}
