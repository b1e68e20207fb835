import { assetIdOf, toHex, type AssetId } from '../../shared/ids/index.ts'
import type { Operation, VerifyResult } from '../../shared/schema/index.ts'
import type { OriginalStore } from '../originals/index.ts'

export interface ScrubParts {
  stores: OriginalStore[]
  commit(operations: Operation[]): Promise<void>
  /** Whether the catalogue says that this device holds these (hexadecimal SHA-256); null where it knows no such original. */
  saidHeld(sha256s: string[]): Promise<(boolean | null)[]>
  /** What the family was told is missing here: it must hear of it when a folder that was away returns. */
  absences: { add(asset: AssetId): void; remove(asset: AssetId): void }
}

/** How many findings are listed by name; all are counted into the catalogue. */
const LISTED = 10_000

/**
 * Re-reads and re-hashes every original this device holds, tells the family what it found, and with `repair` mends what
 * another store of this device can mend. Nothing corrupt is ever deleted.
 */
export async function scrub(parts: ScrubParts, repair: boolean, signal?: AbortSignal): Promise<VerifyResult> {
  const result: VerifyResult = { checked: 0, corrupt: [], repaired: 0, missing: [] }
  for (const store of parts.stores) {
    for await (const original of store.list()) {
      signal?.throwIfAborted()
      const verdict = await store.verify(original.sha256, signal)
      result.checked++
      const id = assetIdOf(original.sha256)
      if (verdict === 'intact') {
        // Believed missing or corrupt, and here after all.
        const [said] = await parts.saidHeld([toHex(original.sha256)])
        if (said === false) await tell(id, 'held')
        continue
      }
      const path = original.path ?? ''
      if (repair && (await mend(parts.stores, store, original, signal))) {
        result.repaired++
        await tell(id, 'held')
        continue
      }
      const elsewhere = await intactElsewhere(parts.stores, store, original.sha256, signal)
      const list = verdict === 'corrupt' ? result.corrupt : result.missing
      if (list.length < LISTED) list.push({ id, path })
      if (!elsewhere) await tell(id, verdict === 'corrupt' ? 'corrupt' : 'absent')
    }
  }
  return result

  async function tell(asset: AssetId, state: 'held' | 'absent' | 'corrupt'): Promise<void> {
    await parts.commit([{ kind: 'original.custody', asset, state }])
    if (state === 'held') parts.absences.remove(asset)
    else parts.absences.add(asset)
  }
}

async function intactElsewhere(
  stores: OriginalStore[],
  not: OriginalStore,
  sha256: Uint8Array,
  signal: AbortSignal | undefined,
) {
  for (const store of stores) {
    if (store !== not && (await store.has(sha256)) && (await store.verify(sha256, signal)) === 'intact') return store
  }
  return null
}

async function mend(
  stores: OriginalStore[],
  store: OriginalStore,
  { sha256, bytes, path }: { sha256: Uint8Array; bytes: number; path: string | null },
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const good = await intactElsewhere(stores, store, sha256, signal)
  const stream = await good?.get(sha256)
  if (!stream) return false
  const fileName = path?.split(/[\\/]/).at(-1) ?? 'original'
  try {
    const month = /(\d{4}-\d{2})[\\/][^\\/]+$/.exec(path ?? '')?.[1] ?? '1970-01'
    await store.put({ kind: 'stream', stream }, { sha256, bytes }, { fileName, takenAt: `${month}-01T00:00:00` })
    return (await store.verify(sha256)) === 'intact'
  } catch {
    signal?.throwIfAborted()
    // An in-place store keeps no copies: what is wrong in a person's own folder is theirs to mend.
    stream.destroy()
    return false
  }
}
