import { errorCode, errorMessage, HomerollError } from '../../shared/errors/index.ts'
import type { AssetId } from '../../shared/ids/index.ts'
import type { Operation, RenditionPlace } from '../../shared/schema/index.ts'
import type { Drive, ThumbnailStore } from '../drive/index.ts'
import { RENDITION_VERSION, type Media, type Picture } from '../media/index.ts'

/** A job: an asset whose renditions or authoritative facts are missing from the catalogue. */
export interface RenditionJob {
  asset: AssetId
  sha256: Uint8Array
  /** Local date-time of the first view: stands where the file carries no date of its own. */
  takenAt: string
  /** `facts`: has its renditions, and lacks only what the authority says of it. */
  lacks: 'renditions' | 'facts'
  /** Whether somebody waits for it now; catching up after a restart does not. */
  urgent: boolean
}

export interface RenditionParts {
  media: Pick<Media, 'identify' | 'facts' | 'render'>
  drive: Drive
  /** Names this device's drive in rendition places. */
  device: string
  thumbnails: Pick<ThumbnailStore, 'put'>
  pathOf(sha256: Uint8Array): Promise<string | null>
  commit(operations: Operation[]): Promise<void>
  /** A page of the jobs that the catalogue still lacks, newest first, from `after` on; `next` null at the end. */
  missing(limit: number, after: string | null): Promise<{ jobs: RenditionJob[]; next: string | null }>
  /** How many run at once. */
  width: number
}

export type JobOutcome =
  | { outcome: 'ready' }
  | { outcome: 'damaged'; code: string; message: string }
  /** The original cannot be read now; tried again when the node next looks for work. */
  | { outcome: 'away' }

export interface RenditionQueue {
  add(job: RenditionJob): void
  /** Takes up what the catalogue lacks, after a restart. */
  resume(): Promise<void>
  counts(): { pending: number; running: number; failed: number }
  /** Why it waits, where it does: a full disk. */
  waitingFor(): string | null
  onDone(listener: (asset: AssetId, outcome: JobOutcome) => void): () => void
  /** Lets what is being decoded finish, writes it, and takes nothing new. */
  close(): Promise<void>
}

interface Made {
  job: RenditionJob
  operations: Operation[]
  pictures: { thumbhash: string; thumbnail: Picture; preview: Picture } | null
  outcome: JobOutcome
}

/** A batch of work becomes one pack of thumbnails and one of previews: this many assets, or whatever is done by then. */
const BATCH_ASSETS = 16
const BATCH_WAIT_MS = 400
const RETRY_MS = 3000
const PAGE = 500
/** More than this many jobs are not kept in memory: the catalogue knows them, and is asked when these are done. */
const MAX_QUEUED = 2000

export function createRenditionQueue(parts: RenditionParts): RenditionQueue {
  const urgent: RenditionJob[] = []
  const later: RenditionJob[] = []
  const queued = new Set<AssetId>()
  const unreachable = new Set<AssetId>()
  const listeners = new Set<(asset: AssetId, outcome: JobOutcome) => void>()
  const stop = new AbortController()
  let running = 0
  let made: Made[] = []
  let timer: NodeJS.Timeout | null = null
  let writing: Promise<void> = Promise.resolve()
  let waiting: string | null = null
  /** Where to go on asking the catalogue; undefined when it has no more. */
  let cursor: string | null | undefined = undefined
  let looking: Promise<void> | null = null

  function add(job: RenditionJob): void {
    if (stop.signal.aborted || queued.has(job.asset)) return
    if (job.urgent) unreachable.delete(job.asset)
    if (urgent.length + later.length >= MAX_QUEUED) {
      cursor = null
      return
    }
    queued.add(job.asset)
    ;(job.urgent ? urgent : later).push(job)
    pump()
  }

  function pump(): void {
    // While the disk is full nothing more is decoded: what is made already waits in memory, bounded by the batch.
    while (running < parts.width && !stop.signal.aborted && waiting === null) {
      const job = urgent.shift() ?? later.shift()
      if (!job) break
      running++
      void develop(job)
        .then(result => {
          if (result) keep(result)
          else putAside(job)
        })
        .catch((thrown: unknown) => {
          putAside(job)
          if (!stop.signal.aborted) process.emitWarning(`renditions of ${job.asset}: ${errorMessage(thrown)}`)
        })
        .finally(() => {
          running--
          pump()
        })
    }
    if (cursor !== undefined && urgent.length + later.length === 0 && !stop.signal.aborted) void look()
  }

  function putAside({ asset }: RenditionJob): void {
    queued.delete(asset)
    unreachable.add(asset)
    tell(asset, { outcome: 'away' })
  }

  function tell(asset: AssetId, outcome: JobOutcome): void {
    if (!stop.signal.aborted) for (const listener of listeners) listener(asset, outcome)
  }

  async function develop(job: RenditionJob): Promise<Made | null> {
    const path = await parts.pathOf(job.sha256)
    // The original is away (an unmounted folder) or not what it was: tried again when the node next looks for work.
    if (path === null) return null
    const identity = await parts.media.identify(path)
    if (identity.outcome !== 'known') return null
    const { identified } = identity
    const [read, rendering] = await Promise.all([
      parts.media.facts(path, identified, Date.parse(`${job.takenAt}Z`), stop.signal),
      job.lacks === 'facts' ? null : parts.media.render(path, identified, stop.signal),
    ])
    const facts = { ...read.facts }
    if (facts.takenAtSource === 'file') facts.takenAt = job.takenAt
    if (rendering?.outcome === 'rendered') {
      facts.width = rendering.width
      facts.height = rendering.height
      facts.durationMs = rendering.durationMs ?? facts.durationMs
    }
    const operations: Operation[] = [{ kind: 'asset.facts', asset: job.asset, version: read.version, facts }]
    if (!rendering) return { job, operations, pictures: null, outcome: { outcome: 'ready' } }
    if (rendering.outcome === 'damaged') {
      const { code, message } = rendering
      if ((await parts.pathOf(job.sha256)) === null) return null
      const reason = { code, message: message.slice(0, 1024) }
      operations.push({ kind: 'asset.damaged', asset: job.asset, version: RENDITION_VERSION, ...reason })
      return { job, operations, pictures: null, outcome: { outcome: 'damaged', code, message } }
    }
    return {
      job,
      operations,
      pictures: {
        thumbhash: Buffer.from(rendering.thumbhash).toString('base64'),
        thumbnail: rendering.thumbnail,
        preview: rendering.preview,
      },
      outcome: { outcome: 'ready' },
    }
  }

  function keep(result: Made): void {
    made.push(result)
    if (made.length >= BATCH_ASSETS) flush()
    else timer ??= setTimeout(flush, BATCH_WAIT_MS)
  }

  function flush(): void {
    if (timer) clearTimeout(timer)
    timer = null
    if (made.length === 0) return
    const batch = made
    made = []
    writing = writing.then(() => writeUntilDone(batch))
  }

  async function writeUntilDone(batch: Made[]): Promise<void> {
    for (;;) {
      try {
        await write(batch)
        waiting = null
        pump()
        return
      } catch (thrown) {
        waiting = errorMessage(thrown)
        if (stop.signal.aborted) return
        if (errorCode(thrown) !== 'disk-full') process.emitWarning(`writing renditions: ${waiting}`)
        await new Promise(resolve => setTimeout(resolve, RETRY_MS).unref())
      }
    }
  }

  async function write(batch: Made[]): Promise<void> {
    const shown = batch.flatMap(({ job, pictures }) => (pictures ? [{ job, ...pictures }] : []))
    const [thumbnails, previews] =
      shown.length === 0
        ? [[], []]
        : await Promise.all([
            parts.drive.putPack(shown.map(entry => entry.thumbnail.bytes)),
            parts.drive.putPack(shown.map(entry => entry.preview.bytes)),
          ])
    parts.thumbnails.put(
      shown.map(({ job, thumbnail: { bytes, mime } }) => ({
        asset: job.asset,
        thumbnail: { bytes, mime, version: RENDITION_VERSION },
      })),
    )
    const place = (at: { pack: string; offset: number; length: number } | undefined, picture: Picture) => {
      if (!at) throw new HomerollError('pack-incomplete', 'the drive gave fewer places than pictures')
      return { drive: parts.device, ...at, mime: picture.mime, width: picture.width, height: picture.height }
    }
    const renditions = shown.map(({ job, thumbhash, thumbnail, preview }, i): Operation => {
      const places: { thumbnail: RenditionPlace; preview: RenditionPlace } = {
        thumbnail: place(thumbnails[i], thumbnail),
        preview: place(previews[i], preview),
      }
      return { kind: 'asset.renditions', asset: job.asset, version: RENDITION_VERSION, thumbhash, ...places }
    })
    await parts.commit([...batch.flatMap(entry => entry.operations), ...renditions])
    for (const { job, outcome } of batch) {
      queued.delete(job.asset)
      unreachable.delete(job.asset)
      tell(job.asset, outcome)
    }
  }

  function look(): Promise<void> {
    looking ??= (async () => {
      while (cursor !== undefined && urgent.length + later.length < PAGE && !stop.signal.aborted) {
        const page = await parts.missing(PAGE, cursor)
        cursor = page.next ?? undefined
        for (const job of page.jobs) if (!unreachable.has(job.asset)) add(job)
      }
    })()
      .catch((thrown: unknown) => process.emitWarning(`looking for missing renditions: ${errorMessage(thrown)}`))
      .finally(() => {
        looking = null
      })
    return looking
  }

  return {
    add,
    resume() {
      unreachable.clear()
      cursor = null
      return look()
    },
    counts: () => ({
      // With a cursor there is more in the catalogue than is in memory.
      pending: queued.size - running + (cursor === undefined ? 0 : 1),
      running,
      failed: unreachable.size,
    }),
    waitingFor: () => waiting,
    onDone(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      await looking
      stop.abort(new HomerollError('closing', 'the node is closing'))
      urgent.length = 0
      later.length = 0
      flush()
      await writing
    },
  }
}
