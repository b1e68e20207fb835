import { type Accessor, createEffect, createSignal, on } from 'solid-js'
import type { AssetRecord } from '../../shared/schema/api.ts'
import { isAbort, reasonOf, request } from './api.ts'
import { onNodeEvent, onReconnect } from './events.ts'
import { pendingFlags } from './pending.ts'

const KEEP = 200
const records = new Map<string, AssetRecord>()
const [version, setVersion] = createSignal(0)

function keep(record: AssetRecord): void {
  records.delete(record.id)
  records.set(record.id, record)
  for (const id of records.keys()) {
    if (records.size <= KEEP) break
    records.delete(id)
  }
  setVersion(v => v + 1)
}

/** Loads the facts of an asset. Throws `ApiFault`, or the abort. */
export async function fetchAsset(id: string, signal?: AbortSignal): Promise<AssetRecord> {
  const record = await request<AssetRecord>(`/api/assets/${id}`, signal ? { signal } : {})
  keep(record)
  return record
}

/** The facts of an asset that changes: known ones at once, then fresh ones, with unconfirmed changes applied. */
export function useAsset(id: Accessor<string>): {
  record: Accessor<AssetRecord | null>
  failure: Accessor<string | null>
} {
  const [failure, setFailure] = createSignal<string | null>(null)
  let controller: AbortController | undefined
  createEffect(
    on([id, staleVersion], ([wanted]) => {
      controller?.abort()
      controller = new AbortController()
      setFailure(null)
      fetchAsset(wanted, controller.signal).catch((error: unknown) => {
        if (!isAbort(error)) setFailure(reasonOf(error))
      })
    }),
  )
  const record = (): AssetRecord | null => {
    version()
    const known = records.get(id())
    if (!known) return null
    const flags = pendingFlags(known.id)
    return flags ? { ...known, ...flags } : known
  }
  return { record, failure }
}

const [staleVersion, setStale] = createSignal(0)

/** Makes confirmed changes part of the records that are held. */
export function amendRecords(ids: readonly string[], change: Partial<AssetRecord>): void {
  for (const id of ids) {
    const known = records.get(id)
    if (known) records.set(id, { ...known, ...change })
  }
  setVersion(v => v + 1)
}

export function followAssets(): void {
  onNodeEvent('assets', event => {
    if (event.ids.some(id => records.has(id))) setStale(v => v + 1)
  })
  onReconnect(() => setStale(v => v + 1))
}
