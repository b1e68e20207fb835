import type { DatabaseSync } from 'node:sqlite'
import {
  assetRecordOf,
  conditionOf,
  damageOf,
  isSet,
  isShown,
  tagAdditionsOf,
  type AssetState,
} from '../catalogue/index.ts'
import { fromHex, isAssetId, type AssetId } from '../../shared/ids/index.ts'
import type { AssetRecord, RenditionPlace } from '../../shared/schema/index.ts'
import type { KnownOriginal } from './asset-index.ts'
import { createLabels } from './labels.ts'
import { idOf } from './sqlite-state.ts'
import { unpackState } from './state-codec.ts'

/** Reads assets by their keys. */
export interface AssetReader {
  /** Undefined where nothing was said of it. */
  state(id: AssetId): AssetState | undefined
  stateAt(n: number): AssetState | undefined
  /** Turns a row of `asset` into its state. */
  unpack(id: Uint8Array, state: string): AssetState
  record(id: AssetId): AssetRecord | null
  rendition(id: AssetId, which: 'thumbnail' | 'preview'): RenditionPlace | null
  original(sha256: string): KnownOriginal | null
  tagAdditions(ids: AssetId[], tag: string): Record<AssetId, { stamp: number; device: string }[]>
}

export function createAssetReader(db: DatabaseSync, ownDevice: string): AssetReader {
  const labels = createLabels(db)
  const byId = db.prepare('SELECT state FROM asset WHERE id = ?')
  const byNumber = db.prepare('SELECT id, state FROM asset WHERE n = ?')

  function state(id: AssetId): AssetState | undefined {
    if (!isAssetId(id)) return undefined
    const row = byId.get(fromHex(id)) as { state: string } | undefined
    return row && unpackState(id, row.state, labels)
  }

  return {
    state,
    stateAt(n) {
      const row = byNumber.get(n) as { id: Uint8Array; state: string } | undefined
      return row && unpackState(idOf(row.id), row.state, labels)
    },
    unpack: (id, packed) => unpackState(idOf(id), packed, labels),
    record(id) {
      const found = state(id)
      return found ? assetRecordOf(found) : null
    },
    rendition: (id, which) => state(id)?.renditions?.[which] ?? null,
    original(sha256) {
      const found = /^[0-9a-f]{64}$/.test(sha256) ? state(sha256.slice(0, 32)) : undefined
      if (!found || !isShown(found) || found.added.sha256 !== sha256) return null
      const damage = damageOf(found)
      return {
        id: found.id,
        state: conditionOf(found),
        problem: damage && { code: damage.code, message: damage.message },
        held: found.custody.get(ownDevice)?.state === 'held',
        trashed: isSet(found, 'trashed'),
      }
    },
    tagAdditions(ids, tag) {
      const additions: Record<AssetId, { stamp: number; device: string }[]> = {}
      for (const id of ids) {
        const found = state(id)
        const seen = found ? tagAdditionsOf(found, tag) : []
        if (seen.length > 0) additions[id] = seen
      }
      return additions
    },
  }
}
