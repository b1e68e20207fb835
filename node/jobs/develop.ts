import type { AssetId } from '../../shared/ids/index.ts'
import type { Operation } from '../../shared/schema/index.ts'
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

export type JobOutcome =
  | { outcome: 'ready' }
  | { outcome: 'damaged'; code: string; message: string }
  /** The original cannot be read now; tried again when the node next looks for work. */
  | { outcome: 'away' }

export interface Made {
  job: RenditionJob
  operations: Operation[]
  pictures: { thumbhash: string; thumbnail: Picture; preview: Picture } | null
  outcome: JobOutcome
}

export interface DevelopParts {
  media: Pick<Media, 'identify' | 'facts' | 'render'>
  pathOf(sha256: Uint8Array): Promise<string | null>
}

/** Reads and decodes one original. Null where it is away (an unmounted folder) or not what it was. */
export async function develop(job: RenditionJob, parts: DevelopParts, signal: AbortSignal): Promise<Made | null> {
  const path = await parts.pathOf(job.sha256)
  if (path === null) return null
  const identity = await parts.media.identify(path)
  if (identity.outcome !== 'known') return null
  const { identified } = identity
  const [read, rendering] = await Promise.all([
    parts.media.facts(path, identified, Date.parse(`${job.takenAt}Z`), signal),
    job.lacks === 'facts' ? null : parts.media.render(path, identified, signal),
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
