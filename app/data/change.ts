import { batch } from 'solid-js'
import type { AssetChange, AssetRecord } from '../../shared/schema/api.ts'
import { t, type TextKey } from '../i18n/index.ts'
import { reasonOf, request } from './api.ts'
import { amendRecords } from './asset-records.ts'
import { notify } from './notices.ts'
import { type Flags, holdPending } from './pending.ts'
import { amendSearch } from './search.ts'
import { openTimelines } from './timelines.ts'

/** Assets named in one request. */
const CHUNK = 500

async function send(change: AssetChange): Promise<void> {
  for (let start = 0; start < change.ids.length; start += CHUNK) {
    await request('/api/assets', {
      method: 'PATCH',
      body: { ...change, ids: change.ids.slice(start, start + CHUNK) },
    })
  }
}

function saidOf(flags: Flags): TextKey {
  if (flags.trashed !== undefined) return flags.trashed ? 'change.trash.added' : 'change.trash.removed'
  if (flags.archived !== undefined) return flags.archived ? 'change.archive.added' : 'change.archive.removed'
  return flags.favourite ? 'change.favourite.added' : 'change.favourite.removed'
}

function opposite(flags: Flags): Flags {
  return Object.fromEntries(Object.entries(flags).map(([name, value]) => [name, !value]))
}

/**
 * Switches flags of assets: shown at once, taken back if the node refuses. Says what happened and offers to undo it,
 * except for a single favourite, which anyone can see and switch back.
 */
export async function switchFlags(ids: readonly string[], flags: Flags, quietly = false): Promise<boolean> {
  if (ids.length === 0) return true
  const release = holdPending(ids, flags)
  try {
    await send({ ids: [...ids], set: flags })
    batch(() => {
      for (const store of openTimelines()) store.commit(ids, flags)
      amendRecords(ids, flags)
      amendSearch(ids, flags)
      release()
    })
  } catch (error) {
    release()
    notify({ text: t('change.failed', { reason: reasonOf(error) }), tone: 'bad' })
    return false
  }
  const plain = ids.length === 1 && flags.favourite !== undefined
  if (!quietly && !plain) {
    notify({
      text: t(saidOf(flags), { count: ids.length }),
      action: { label: t('action.undo'), run: () => void switchFlags(ids, opposite(flags), true) },
    })
  }
  return true
}

/** Changes the rating or the caption of an asset. Tells the person when it fails. */
export async function describeAsset(
  id: string,
  set: { rating?: number | null; caption?: string | null },
): Promise<boolean> {
  try {
    await send({ ids: [id], set })
  } catch (error) {
    notify({ text: t('change.failed', { reason: reasonOf(error) }), tone: 'bad' })
    return false
  }
  const amended: Partial<AssetRecord> = {}
  if (set.rating !== undefined) amended.rating = set.rating
  if (set.caption !== undefined) amended.description = set.caption
  amendRecords([id], amended)
  return true
}
