import { basename } from 'node:path'
import { stat } from 'node:fs/promises'
import { fromHex, toHex, type AssetId } from '../../shared/ids/index.ts'
import { refillThumbnails, type Drive, type ThumbnailStore } from '../drive/index.ts'
import type { AssetIndex, Lacking } from '../index/index.ts'
import type { Intake } from '../ingest/index.ts'
import type { RenditionJob } from '../jobs/index.ts'
import type { OriginalStore } from '../originals/index.ts'

const PAGE = 1000

/** Assets that lack renditions, then, where the authority can be asked, those that lack only its facts. */
export async function missingJobs(
  index: Pick<AssetIndex, 'withoutRenditions' | 'withoutFacts'>,
  limit: number,
  after: string | null,
  withFacts: boolean,
): Promise<{ jobs: RenditionJob[]; next: string | null }> {
  // The cursor says which of the two lists it belongs to.
  const facts = after?.startsWith('facts:') ?? false
  const cursor = after === null ? null : after.slice(after.indexOf(':') + 1) || null
  const page = facts ? await index.withoutFacts(limit, cursor) : await index.withoutRenditions(limit, cursor)
  const name = facts ? 'facts' : 'renditions'
  const next = page.next !== null ? `${name}:${page.next}` : facts || !withFacts ? null : 'facts:'
  return { jobs: page.entries.map(entry => jobOf(entry, name)), next }
}

function jobOf({ id, sha256, takenAt }: Lacking, lacks: RenditionJob['lacks']): RenditionJob {
  return { asset: id, sha256: fromHex(sha256), takenAt, lacks, urgent: false }
}

/**
 * After a kill: an original may be stored whose operation was never written. It was not acknowledged, but it is here, so
 * it is taken in.
 */
export async function adoptOrphans(
  store: OriginalStore,
  byReference: boolean,
  index: Pick<AssetIndex, 'bySha256s'>,
  intake: Intake,
  signal: AbortSignal,
): Promise<number> {
  let adopted = 0
  let page: { sha256: Uint8Array; path: string }[] = []
  const settle = async () => {
    const known = await index.bySha256s(page.map(({ sha256 }) => toHex(sha256)))
    for (const [i, { path }] of page.entries()) {
      signal.throwIfAborted()
      if (known[i]) continue
      const seen = await stat(path).catch(() => null)
      if (!seen) continue
      const request = { path, shownPath: path, fileName: basename(path), fileTime: seen.mtimeMs, store }
      const outcome = await intake.take({ ...request, byReference, consume: false }, signal)
      if (outcome.outcome === 'imported') adopted++
    }
    page = []
  }
  for await (const { sha256, path } of store.list()) {
    signal.throwIfAborted()
    if (path !== null) page.push({ sha256, path })
    if (page.length === PAGE) await settle()
  }
  await settle()
  return adopted
}

/** Fills a local thumbnail file that is new, or was damaged, from the drive; one look at the newest tells whether it is. */
export async function refillAll(
  index: Pick<AssetIndex, 'renditionPlaces'>,
  drive: Drive,
  thumbnails: ThumbnailStore,
  device: string,
  signal: AbortSignal,
): Promise<void> {
  const { entries } = await index.renditionPlaces(PAGE, null)
  const newest = entries.filter(entry => entry.thumbnail.drive === device)
  const lost = newest.filter(({ id, version }) => thumbnails.missing([id], version).length > 0)
  if (lost.length === 0) return
  await refillThumbnails({ places: places(index, device), drive, thumbnails, signal })
}

async function* places(index: Pick<AssetIndex, 'renditionPlaces'>, device: string) {
  for (let after: string | null = null; ;) {
    const page: Awaited<ReturnType<AssetIndex['renditionPlaces']>> = await index.renditionPlaces(PAGE, after)
    for (const { id, version, thumbnail } of page.entries) {
      if (thumbnail.drive === device) yield { asset: id, place: thumbnail, version }
    }
    if (page.next === null) return
    after = page.next
  }
}

/** Brings single thumbnails back that the local file lost, each once a minute at the most. */
export function createRefill(
  index: Pick<AssetIndex, 'rendition'>,
  drive: Drive,
  thumbnails: ThumbnailStore,
  device: string,
  onFilled: (asset: AssetId) => void,
  version: number,
): (asset: AssetId) => void {
  const asked = new Map<AssetId, number>()
  return asset => {
    const now = performance.now()
    if (now - (asked.get(asset) ?? -Infinity) < 60_000) return
    if (asked.size > 10_000) asked.clear()
    asked.set(asset, now)
    void (async () => {
      const place = await index.rendition(asset, 'thumbnail')
      const bytes = place?.drive === device ? await drive.get(place) : null
      if (!place || !bytes) return
      thumbnails.put([{ asset, thumbnail: { bytes, mime: place.mime, version } }])
      onFilled(asset)
    })().catch(() => undefined)
  }
}
