import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { createEmitter } from '../../node/platform/index.ts'
import type { NodeServices, OriginalBytes, Picture } from '../../node/http/index.ts'
import { assetIdOf, type AssetId } from '../../shared/ids/index.ts'
import type {
  AssetChange,
  AssetRecord,
  ImportProgress,
  NodeEvent,
  Status,
  WatchedFolder,
} from '../../shared/schema/index.ts'

interface Held {
  record: AssetRecord
  content: Uint8Array
  thumbnail: Picture | null
  preview: Picture | null
}

/** A node in memory, behind the interface that HTTP needs, with handles for tests to set the scene and look behind it. */
export interface FakeServices extends NodeServices {
  emit(event: NodeEvent): void
  /** Puts an original there as if imported. `version` of its thumbnail: 0 a stand-in, null none. */
  place(content: Uint8Array, fileName: string, mime: string, version?: number | null): AssetId
  held: Map<AssetId, Held>
  changes: AssetChange[]
  /** What each intake was given, and how it ended. */
  intakes: { fileName: string; fileTime: Date | null; bytes: number; end: 'kept' | 'refused' | 'failed' }[]
  /** How many listen to events. */
  listeners(): number
}

export function createFakeServices(): FakeServices {
  const held = new Map<AssetId, Held>()
  const events = createEmitter<NodeEvent>()
  const imports = new Map<string, ImportProgress>()
  const watches = new Map<string, WatchedFolder>()
  const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
  let listening = 0

  const original = (id: AssetId): OriginalBytes | null => {
    const one = held.get(id)
    if (!one) return null
    const { content, record } = one
    return {
      bytes: content.length,
      mime: record.mime,
      fileName: record.fileName,
      sha256: record.sha256,
      open: async range =>
        Readable.from(range ? content.subarray(range.start, range.end + 1) : content, { objectMode: false }),
    }
  }
  const services: FakeServices = {
    held,
    changes: [],
    intakes: [],
    emit: event => events.emit(event),
    listeners: () => listening,
    place(content, fileName, mime, version = 1) {
      const record = recordOf(content, fileName, mime)
      const thumbnail =
        version === null ? null : { bytes: json(`thumbnail of ${record.id}`), mime: 'image/webp', version }
      held.set(record.id, { record, content, thumbnail, preview: null })
      return record.id
    },
    status: async () => statusOf(held.size),
    timeline: async view =>
      json({ view, total: held.size, buckets: [{ bucket: '2024-07', count: held.size, ratioSum: 1 }] }),
    bucket: async bucket => json({ bucket, id: [...held.keys()] }),
    async *assets(_view, signal) {
      for (const { record } of held.values()) {
        signal.throwIfAborted()
        yield json(record)
        yield new TextEncoder().encode('\n')
      }
    },
    damaged: async limit =>
      [...held.values()]
        .map(one => one.record)
        .filter(one => one.state === 'damaged')
        .slice(0, limit),
    asset: async id => held.get(id)?.record ?? null,
    search: async (query, limit) =>
      [...held.values()]
        .filter(({ record }) => record.fileName.includes(query))
        .slice(0, limit)
        .map(({ record }) => ({ ...record, score: 1, why: ['file name'] })),
    thumbnail: id => held.get(id)?.thumbnail ?? null,
    preview: async id => held.get(id)?.preview ?? null,
    original: async id => original(id),
    motion: async () => null,
    async change(change) {
      services.changes.push(change)
      const unknown = change.ids.filter(id => !held.has(id))
      return { changed: change.ids.length - unknown.length, unknown }
    },
    async intake(stream, fileName, fileTime, signal) {
      const report = { fileName, fileTime, bytes: 0, end: 'failed' as 'kept' | 'refused' | 'failed' }
      services.intakes.push(report)
      const chunks: Uint8Array[] = []
      for await (const chunk of stream as AsyncIterable<Uint8Array>) {
        report.bytes += chunk.length
        chunks.push(chunk)
      }
      signal.throwIfAborted()
      const content = Buffer.concat(chunks)
      if (content.subarray(0, 5).toString() === 'text:') {
        report.end = 'refused'
        return { status: 'refused', code: 'unsupported', message: `${fileName} is neither a picture nor a video` }
      }
      report.end = 'kept'
      const { id } = recordOf(content, fileName, 'image/jpeg')
      if (held.has(id)) return { status: 'duplicate', id }
      services.place(content, fileName, 'image/jpeg')
      return { status: 'new', id }
    },
    imports: {
      async start(paths, { inPlace }) {
        const progress = progressOf(String(imports.size + 1), paths, inPlace)
        imports.set(progress.id, progress)
        return progress
      },
      list: async () => [...imports.values()],
      get: async id => imports.get(id) ?? null,
      stop: async id => turn(imports.get(id), 'stopped'),
      resume: async id => turn(imports.get(id), 'running'),
    },
    watches: {
      list: async () => [...watches.values()],
      async add(path, { copy }) {
        const watch: WatchedFolder = { path, copy, state: 'watching', assets: 0, absent: 0 }
        watches.set(path, watch)
        return watch
      },
      remove: async path => watches.delete(path),
    },
    folder: async path => ({ path: path ?? '/home', parent: '/', folders: [], pictures: 0, places: [] }),
    setUp: async ({ spaceName }) => ({ ...statusOf(held.size), space: { id: '1', name: spaceName } }),
    verify: async () => ({ checked: held.size, corrupt: [], repaired: 0, missing: [] }),
    exportTo: async () => ({ exported: held.size, present: 0, failed: [] }),
    idle: (seconds, signal) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => resolve(seconds === 0), seconds * 1000)
        signal.addEventListener('abort', () => {
          clearTimeout(timer)
          reject(signal.reason as Error)
        })
      }),
    rebuildIndex: async () => ({ assets: held.size }),
    devices: async () => [{ id: 'd', name: 'This one', self: true, connected: true, lastSeen: null }],
    jobs: async () => ({ pending: 0, running: 0, failed: 0, failures: [] }),
    events(listener) {
      listening++
      const stop = events.listen(listener)
      return () => {
        listening--
        stop()
      }
    },
  }
  return services
}

function turn(progress: ImportProgress | undefined, state: ImportProgress['state']): ImportProgress | null {
  if (!progress) return null
  progress.state = state
  return progress
}

function statusOf(assets: number): Status {
  return {
    version: '0.0.0',
    device: { id: 'd', name: 'This one' },
    space: null,
    members: [],
    assets,
    bytes: 0,
    held: assets,
    damaged: 0,
    jobs: { pending: 0, running: 0, failed: 0 },
    peers: [],
    pendingSync: { frames: 0, renditions: 0, originals: 0, bytes: 0 },
    copies: { target: 1, below: 0 },
    disk: { free: 1, total: 2 },
    warnings: [],
  }
}

function progressOf(id: string, paths: string[], inPlace: boolean): ImportProgress {
  return {
    id,
    paths,
    inPlace,
    state: 'running',
    reason: null,
    startedAt: '2024-07-31T18:05:12.000Z',
    finishedAt: null,
    files: { found: 0, done: 0, imported: 0, duplicates: 0, failed: 0, rendered: 0 },
    bytes: { found: 0, done: 0 },
    rate: { filesPerSecond: 0, bytesPerSecond: 0 },
    secondsLeft: null,
    failures: [],
  }
}

function recordOf(content: Uint8Array, fileName: string, mime: string): AssetRecord {
  const sha256 = createHash('sha256').update(content).digest()
  return {
    id: assetIdOf(sha256),
    sha256: sha256.toString('hex'),
    sha1: createHash('sha1').update(content).digest('hex'),
    fileName,
    type: 'photo',
    mime,
    bytes: content.length,
    width: 4,
    height: 3,
    durationMs: null,
    takenAt: '2024-07-31T18:05:12',
    timeZone: null,
    latitude: null,
    longitude: null,
    city: null,
    region: null,
    country: null,
    make: null,
    model: null,
    lens: null,
    iso: null,
    fNumber: null,
    exposure: null,
    focalLengthMm: null,
    rating: null,
    description: null,
    favourite: false,
    archived: false,
    trashed: false,
    hidden: false,
    tags: [],
    people: [],
    motionSha1: null,
    copies: 1,
    state: 'ready',
    problem: null,
  }
}
