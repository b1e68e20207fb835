import { setTimeout as sleep } from 'node:timers/promises'
import { HomerollError } from '../../shared/errors/index.ts'
import { fromHex, type AssetId } from '../../shared/ids/index.ts'
import type { AssetRecord, Operation, Status, View } from '../../shared/schema/index.ts'
import type { Catalogue } from '../catalogue/index.ts'
import { exportTo, scrub } from '../custody/index.ts'
import type { Drive, ThumbnailStore } from '../drive/index.ts'
import type { NodeServices, OriginalBytes } from '../http/index.ts'
import type { Identity } from '../identity/index.ts'
import type { AssetIndex, Page } from '../index/index.ts'
import { browseFolder, type Absences, type Importer, type Uploads, type WatchedFolders } from '../ingest/index.ts'
import type { RenditionQueue } from '../jobs/index.ts'
import type { Hasher, OriginalStore, OriginalsView } from '../originals/index.ts'
import { RENDITION_VERSION } from '../media/index.ts'
import { changeOperations } from './change-operations.ts'
import { createAnswerCache } from './answer-cache.ts'
import type { NodeEvents } from './node-events.ts'

export interface ServiceParts {
  dataDir: string
  originalsDir: string
  identity: Identity
  catalogue: Catalogue
  index: AssetIndex
  drive: Drive
  thumbnails: ThumbnailStore
  originals: OriginalsView
  stores: OriginalStore[]
  hasher: Hasher
  importer: Importer
  uploads: Uploads
  watched: WatchedFolders
  jobs: RenditionQueue
  absences: Absences
  events: NodeEvents
  status(): Promise<Status>
  /** Brings a thumbnail back that the local file lost. */
  refill(asset: AssetId): void
  /** Work in the background that nobody asked for: catching up after a crash. */
  busy(): boolean
}

const PAGE = 1000
/** Bytes of months kept ready: some dozens of large ones. */
const KEPT_ANSWERS = 16 * 1024 * 1024
const IDLE_LOOK_MS = 100

/** Answers what HTTP asks, out of the rooms. */
export function createServices(parts: ServiceParts): NodeServices {
  const { index, catalogue, importer, watched } = parts
  const answers = createAnswerCache(KEPT_ANSWERS)
  catalogue.onChanges(() => answers.clear())

  async function* lines(view: View | null, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    for (let after: string | null = null; ;) {
      signal.throwIfAborted()
      const page: { lines: Uint8Array; next: string | null } = await index.assetLines(view, after, PAGE)
      if (page.lines.byteLength > 0) yield page.lines
      if (page.next === null) return
      after = page.next
    }
  }

  async function* records(signal: AbortSignal): AsyncGenerator<AssetRecord> {
    for await (const chunk of lines(null, signal)) {
      for (const line of Buffer.from(chunk).toString('utf8').split('\n')) {
        if (line !== '') yield JSON.parse(line) as AssetRecord
      }
    }
  }

  async function original(id: AssetId): Promise<OriginalBytes | null> {
    const asset = await index.asset(id)
    if (!asset) return null
    const sha256 = fromHex(asset.sha256)
    if (!(await parts.originals.has(sha256))) return null
    return {
      bytes: asset.bytes,
      mime: asset.mime,
      fileName: asset.fileName,
      sha256: asset.sha256,
      async open(range) {
        const stream = await parts.originals.get(sha256, range)
        if (stream) return stream
        throw new HomerollError('not-held', `this device does not hold ${asset.fileName} any more`, { status: 404 })
      },
    }
  }

  function isIdle(): boolean {
    if (parts.busy() || importer.active() > 0 || watched.scanning() > 0 || parts.uploads.active() > 0) return false
    // What cannot be made now, because its original is away, does not count.
    const { pending, running, looking } = parts.jobs.counts()
    return pending + running === 0 && !looking
  }

  return {
    status: () => parts.status(),
    timeline: view => answers.get(view, () => index.timeline(view)),
    bucket: (bucket, view) => answers.get(`${view} ${bucket}`, () => index.bucket(view, bucket)),
    assets: lines,
    async damaged(limit) {
      // The count tells when to stop looking: nearly always at once.
      const wanted = Math.min(limit, (await index.totals()).damaged)
      const found: AssetRecord[] = []
      for (let after: string | null = null; found.length < wanted;) {
        const page: Page<AssetRecord> = await index.damaged(wanted - found.length, after)
        found.push(...page.entries)
        if (page.next === null) break
        after = page.next
      }
      return found
    },
    asset: id => index.asset(id),
    search: (query, limit) => index.search(query, limit),
    thumbnail(id) {
      const found = parts.thumbnails.get(id)
      if (!found) parts.refill(id)
      return found
    },
    async preview(id) {
      const place = await index.rendition(id, 'preview')
      const bytes = place && place.drive === parts.identity.deviceId ? await parts.drive.get(place) : null
      return place && bytes ? { bytes, mime: place.mime, version: RENDITION_VERSION } : null
    },
    original,
    motion: async () => null,
    async change(change) {
      const { operations, changed, unknown } = await changeOperations(change, index)
      await catalogue.commit(operations)
      return { changed, unknown }
    },
    async intake(stream, fileName, fileTime, signal) {
      const outcome = await parts.uploads.take(stream, fileName, fileTime, signal)
      if (outcome.outcome === 'imported') return { status: 'new', id: outcome.asset }
      if (outcome.outcome === 'duplicate') return { status: 'duplicate', id: outcome.asset }
      if (outcome.outcome === 'failed') return { status: 'refused', code: outcome.code, message: outcome.message }
      throw new HomerollError('upload-changed', `${fileName} changed on disk while it was taken in: send it again`)
    },
    imports: {
      start: (paths, options) => importer.start(paths, options),
      list: async () => importer.list(),
      get: async id => importer.get(id),
      stop: async id => importer.stop(id),
      resume: async id => importer.resume(id),
    },
    watches: {
      list: async () => watched.list(),
      add: (path, options) => watched.add(path, options),
      remove: path => watched.remove(path),
    },
    folder: browseFolder,
    async setUp({ spaceName, deviceName, memberName }) {
      const { identity } = parts
      const operations: Operation[] = [
        { kind: 'name.set', of: 'household', id: identity.household.id, name: spaceName },
      ]
      const { deviceId: id } = identity
      // The first member is whoever founds the household on this device.
      if (memberName !== undefined) operations.push({ kind: 'name.set', of: 'member', id, name: memberName })
      if (deviceName !== undefined) operations.push({ kind: 'name.set', of: 'device', id, name: deviceName })
      await catalogue.commit(operations)
      parts.events.statusChanged()
      return parts.status()
    },
    verify: ({ repair }, signal) =>
      scrub(
        {
          stores: parts.stores,
          commit: operations => catalogue.commit(operations),
          saidHeld: async sha256s => (await index.bySha256s(sha256s)).map(known => known?.held ?? null),
          absences: parts.absences,
        },
        repair,
        signal,
      ),
    exportTo: (path, signal) =>
      exportTo(
        path,
        {
          assets: records(signal),
          originals: parts.originals,
          hasher: parts.hasher,
          avoid: [parts.dataDir, parts.originalsDir],
        },
        signal,
      ),
    async idle(seconds, signal) {
      const until = performance.now() + seconds * 1000
      while (!signal.aborted) {
        if (isIdle()) return true
        if (performance.now() >= until) return false
        await sleep(IDLE_LOOK_MS, undefined, { signal }).catch(() => undefined)
      }
      return false
    },
    async rebuildIndex() {
      await catalogue.rebuild()
      answers.clear()
      parts.events.emit({ type: 'timeline', buckets: null })
      return { assets: (await index.totals()).assets }
    },
    async devices() {
      const { device } = await parts.status()
      return [{ ...device, self: true, connected: true, lastSeen: null }]
    },
    async jobs() {
      const counts = (await parts.status()).jobs
      return { ...counts, failures: [] }
    },
    events: listener => {
      const stop = parts.events.listen(listener)
      void parts.status().then(
        status => listener({ type: 'status', status }),
        () => undefined,
      )
      return stop
    },
  }
}
