import { setTimeout as sleep } from 'node:timers/promises'
import { errorCode, errorMessage, HomerollError } from '../../shared/errors/index.ts'
import type { AssetId } from '../../shared/ids/index.ts'
import { develop, type DevelopParts, type JobOutcome, type Made, type RenditionJob } from './develop.ts'
import { createBatch, type Batch, type WriteParts } from './write-renditions.ts'

export interface RenditionParts extends DevelopParts, WriteParts {
  /** A page of the jobs that the catalogue still lacks, newest first, from `after` on; `next` null at the end. */
  missing(limit: number, after: string | null): Promise<{ jobs: RenditionJob[]; next: string | null }>
  /** How many run at once. */
  width: number
  /** Pause before what failed is tried again, milliseconds. */
  retryMs?: number
}

export interface RenditionQueue {
  add(job: RenditionJob): void
  /** Takes up what the catalogue lacks, after a restart. */
  resume(): Promise<void>
  /** `looking`: the catalogue may lack more than is pending; it is still being asked. */
  counts(): { pending: number; running: number; failed: number; looking: boolean }
  /** Why it waits, where it does: a full disk. */
  waitingFor(): string | null
  onDone(listener: (asset: AssetId, outcome: JobOutcome) => void): () => void
  /** Breaks off what is being decoded, writes what is made, and takes nothing new. */
  close(): Promise<void>
}

/** A batch of work becomes one pack of thumbnails and one of previews: this many assets, or whatever is done by then. */
const BATCH_ASSETS = 16
const BATCH_WAIT_MS = 400
const RETRY_MS = 3000
const PAGE = 500
/** More than this many jobs are not kept in memory: the catalogue knows them, and is asked when these are done. */
const MAX_QUEUED = 2000
/** Where the disk is slower than the decoders, they wait for it. */
const MAX_UNWRITTEN = 4 * BATCH_ASSETS

export function createRenditionQueue(parts: RenditionParts): RenditionQueue {
  const { retryMs = RETRY_MS } = parts
  const urgent: RenditionJob[] = []
  const later: RenditionJob[] = []
  const queued = new Set<AssetId>()
  const unreachable = new Set<AssetId>()
  const listeners = new Set<(asset: AssetId, outcome: JobOutcome) => void>()
  const stop = new AbortController()
  let running = 0
  let made: Made[] = []
  let unwritten = 0
  let timer: NodeJS.Timeout | null = null
  let writing: Promise<void> = Promise.resolve()
  let waiting: string | null = null
  /** Where to go on asking the catalogue; undefined when it has no more. */
  let cursor: string | null | undefined = undefined
  /** Counts the times that asking had to begin again: an answer to an earlier question moves no cursor. */
  let asked = 0
  let looking: Promise<void> | null = null

  function add(job: RenditionJob): void {
    if (stop.signal.aborted || queued.has(job.asset)) return
    if (job.urgent) unreachable.delete(job.asset)
    if (urgent.length + later.length >= MAX_QUEUED) return askAgain()
    queued.add(job.asset)
    ;(job.urgent ? urgent : later).push(job)
    pump()
  }

  function askAgain(): void {
    cursor = null
    asked++
  }

  function pump(): void {
    // While the disk is full nothing more is decoded: what is made already waits in memory, bounded.
    while (running < parts.width && running + unwritten < MAX_UNWRITTEN && waiting === null && !stop.signal.aborted) {
      const job = urgent.shift() ?? later.shift()
      if (!job) break
      running++
      void run(job)
    }
    if (cursor !== undefined && urgent.length + later.length === 0 && !stop.signal.aborted) void look()
  }

  async function run(job: RenditionJob): Promise<void> {
    try {
      const result = await develop(job, parts, stop.signal)
      if (result) keep(result)
      else putAside(job)
    } catch (thrown) {
      putAside(job)
      warn(`renditions of ${job.asset}`, thrown)
    }
    running--
    pump()
  }

  function warn(what: string, thrown: unknown): void {
    if (!stop.signal.aborted) process.emitWarning(`${what}: ${errorMessage(thrown)}`)
  }

  function putAside({ asset }: RenditionJob): void {
    queued.delete(asset)
    unreachable.add(asset)
    tell(asset, { outcome: 'away' })
  }

  function tell(asset: AssetId, outcome: JobOutcome): void {
    if (stop.signal.aborted) return
    for (const listener of listeners) {
      try {
        listener(asset, outcome)
      } catch (thrown) {
        warn(`telling of ${asset}`, thrown)
      }
    }
  }

  function keep(result: Made): void {
    if (stop.signal.aborted) return
    made.push(result)
    unwritten++
    if (made.length >= BATCH_ASSETS) flush()
    else timer ??= setTimeout(flush, BATCH_WAIT_MS)
  }

  function flush(): void {
    if (timer) clearTimeout(timer)
    timer = null
    if (made.length === 0) return
    const entries = made
    made = []
    const batch = createBatch(entries, parts)
    writing = writing.then(() => writeUntilDone(entries, batch))
  }

  async function writeUntilDone(entries: Made[], batch: Batch): Promise<void> {
    for (;;) {
      try {
        const refused = new Map((await batch.write()).map(({ made: one, fault }) => [one, fault]))
        waiting = null
        unwritten -= entries.length
        for (const entry of entries) settle(entry, refused.get(entry))
        return pump()
      } catch (thrown) {
        waiting = errorMessage(thrown)
        if (stop.signal.aborted) return
        if (errorCode(thrown) !== 'disk-full') warn('writing renditions', thrown)
        await sleep(retryMs, undefined, { signal: stop.signal }).catch(() => undefined)
      }
    }
  }

  function settle({ job, outcome }: Made, fault: unknown): void {
    if (fault !== undefined) {
      putAside(job)
      warn('the log refused', fault)
      return
    }
    queued.delete(job.asset)
    unreachable.delete(job.asset)
    tell(job.asset, outcome)
  }

  function look(): Promise<void> {
    looking ??= lookThrough().finally(() => {
      looking = null
    })
    return looking
  }

  async function lookThrough(): Promise<void> {
    while (cursor !== undefined && urgent.length + later.length < PAGE && !stop.signal.aborted) {
      const question = asked
      try {
        const page = await parts.missing(PAGE, cursor)
        if (question === asked) cursor = page.next ?? undefined
        for (const job of page.jobs) if (!unreachable.has(job.asset)) add(job)
      } catch (thrown) {
        warn('looking for missing renditions', thrown)
        await sleep(retryMs, undefined, { signal: stop.signal }).catch(() => undefined)
      }
    }
  }

  return {
    add,
    resume() {
      unreachable.clear()
      askAgain()
      return look()
    },
    counts: () => ({
      pending: Math.max(0, queued.size - running),
      running,
      failed: unreachable.size,
      looking: cursor !== undefined,
    }),
    waitingFor: () => waiting,
    onDone(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      stop.abort(new HomerollError('closing', 'the node is closing'))
      urgent.length = 0
      later.length = 0
      flush()
      await looking
      await writing
    },
  }
}
