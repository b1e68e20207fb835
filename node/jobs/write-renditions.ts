import { errorCode, errorMessage, HomerollError } from '../../shared/errors/index.ts'
import type { Operation, RenditionPlace } from '../../shared/schema/index.ts'
import type { Drive, PackPlace, ThumbnailStore } from '../drive/index.ts'
import { RENDITION_VERSION, type Picture } from '../media/index.ts'
import type { Made } from './develop.ts'

export interface WriteParts {
  drive: Pick<Drive, 'putPack'>
  /** Names this device's drive in rendition places. */
  device: string
  thumbnails: Pick<ThumbnailStore, 'put'>
  commit(operations: Operation[]): Promise<void>
}

/** What was made together, on its way to the drive and the log. */
export interface Batch {
  /**
   * Writes it: packs, thumbnails, operations. May be called again after a fault, and goes on where it was: a pack that was
   * written is not written again. Resolves with those whose operations the log refused, each with the fault.
   */
  write(): Promise<{ made: Made; fault: unknown }[]>
}

/** Faults that time mends; any other fault of a commit is of the operations in it. */
const MENDED_BY_TIME = new Set(['disk-full', 'enospc', 'edquot', 'index-behind', 'closing', 'not-writable'])

export function createBatch(batch: Made[], parts: WriteParts): Batch {
  const shown = batch.flatMap(made => (made.pictures ? [{ made, ...made.pictures }] : []))
  let thumbnails: PackPlace[] | null = null
  let previews: PackPlace[] | null = null
  let operations: Operation[][] | null = null

  async function place(): Promise<Operation[][]> {
    if (shown.length > 0) {
      thumbnails ??= await parts.drive.putPack(shown.map(entry => entry.thumbnail.bytes))
      previews ??= await parts.drive.putPack(shown.map(entry => entry.preview.bytes))
    }
    parts.thumbnails.put(
      shown.map(({ made, thumbnail: { bytes, mime } }) => ({
        asset: made.job.asset,
        thumbnail: { bytes, mime, version: RENDITION_VERSION },
      })),
    )
    return batch.map(made => {
      const at = shown.findIndex(entry => entry.made === made)
      const entry = shown[at]
      if (!entry) return made.operations
      const places = {
        thumbnail: placeOf(parts.device, thumbnails?.[at], entry.thumbnail),
        preview: placeOf(parts.device, previews?.[at], entry.preview),
      }
      const { thumbhash } = entry
      const { asset } = made.job
      return [...made.operations, { kind: 'asset.renditions', asset, version: RENDITION_VERSION, thumbhash, ...places }]
    })
  }

  return {
    async write() {
      operations ??= await place()
      const [all] = [operations]
      try {
        await parts.commit(all.flat())
        return []
      } catch (thrown) {
        if (MENDED_BY_TIME.has(errorCode(thrown))) throw thrown
      }
      // One of them is not fit for the log: the others must not wait for it.
      const refused: { made: Made; fault: unknown }[] = []
      for (const [i, made] of batch.entries()) {
        try {
          await parts.commit(all[i] ?? [])
        } catch (fault) {
          if (MENDED_BY_TIME.has(errorCode(fault))) throw fault
          refused.push({ made, fault: new Error(`renditions of ${made.job.asset}: ${errorMessage(fault)}`) })
        }
      }
      return refused
    },
  }
}

function placeOf(device: string, at: PackPlace | undefined, picture: Picture): RenditionPlace {
  if (!at) throw new HomerollError('pack-incomplete', 'the drive gave fewer places than pictures')
  return { drive: device, ...at, mime: picture.mime, width: picture.width, height: picture.height }
}
