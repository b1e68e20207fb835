import type { AssetId } from '../../shared/ids/index.ts'
import type { Drive, PackPlace } from './drive.ts'
import type { ThumbnailStore } from './thumbnail-store.ts'

/** Of one look-up and one write: small, so that no single turn of the event loop is long. */
const BATCH = 64

interface RefillProgress {
  /** Places looked at. */
  seen: number
  filled: number
  /** Places whose pack this device does not hold or cannot read. */
  unavailable: number
}

/**
 * Writes into `thumbnails` what it lacks of `places`, reading from the drive batch by batch. What the drive cannot give
 * is counted and left; a later run tries again. Stops with the signal's reason.
 */
export async function refillThumbnails(job: {
  places: AsyncIterable<{ asset: AssetId; place: PackPlace & { mime: string }; version: number }>
  drive: Pick<Drive, 'get'>
  thumbnails: Pick<ThumbnailStore, 'missing' | 'put'>
  signal?: AbortSignal
  onProgress?: (progress: RefillProgress) => void
}): Promise<RefillProgress> {
  const { places, drive, thumbnails, signal, onProgress } = job
  const progress: RefillProgress = { seen: 0, filled: 0, unavailable: 0 }
  let batch: { asset: AssetId; place: PackPlace & { mime: string }; version: number }[] = []

  async function fill(): Promise<void> {
    // Packs are read in the order of their bytes, so that each block is read once.
    batch.sort((a, b) =>
      a.place.pack < b.place.pack ? -1 : a.place.pack > b.place.pack ? 1 : a.place.offset - b.place.offset,
    )
    const found: Parameters<ThumbnailStore['put']>[0] = []
    for (const { asset, place, version } of batch) {
      signal?.throwIfAborted()
      progress.seen++
      if (thumbnails.missing([asset], version).length === 0) continue
      const bytes = await drive.get(place).catch(() => null)
      if (bytes) found.push({ asset, thumbnail: { mime: place.mime, bytes, version } })
      else progress.unavailable++
    }
    thumbnails.put(found)
    progress.filled += found.length
    batch = []
    onProgress?.({ ...progress })
  }

  for await (const place of places) {
    signal?.throwIfAborted()
    batch.push(place)
    if (batch.length === BATCH) await fill()
    // Where nothing is missing, no read of the drive lets others have a turn.
    if (progress.seen % (BATCH * 8) === 0 && batch.length === 0) await new Promise(resolve => setImmediate(resolve))
  }
  if (batch.length > 0) await fill()
  return progress
}
