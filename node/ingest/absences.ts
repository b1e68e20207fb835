import { assetIdOf, type AssetId } from '../../shared/ids/index.ts'
import type { Operation } from '../../shared/schema/index.ts'
import type { Ledger } from './ledger.ts'

export interface AbsenceParts {
  ledger: Pick<Ledger, 'absences'>
  /** Whether any store of this device holds the original. */
  held(sha256: Uint8Array): Promise<boolean>
  commit(operations: Operation[]): Promise<void>
  /** Originals that were missed are back. */
  onReturned(): void
}

/** Contents asked about at once. */
const WIDTH = 32
const COMMIT = 100

export interface Looked {
  /** Contents that are there. */
  there: number
  /** Those that are not held here now. */
  gone: AssetId[]
  /** Those that the family was told were missing, and are there again. */
  back: AssetId[]
  /** Tells the family what changed since it was told last. */
  tell(): Promise<void>
}

/** Looks which of these contents this device still holds; nothing is told before `tell` is called. */
export async function lookForAbsences(
  contents: AsyncIterable<Uint8Array>,
  parts: AbsenceParts,
  ended: () => boolean,
): Promise<Looked> {
  const { absences } = parts.ledger
  const seen = new Set<string>()
  const gone: AssetId[] = []
  const back: AssetId[] = []
  let there = 0
  let batch: Uint8Array[] = []
  const settle = async () => {
    const held = await Promise.all(batch.map(sha256 => parts.held(sha256)))
    for (const [i, sha256] of batch.entries()) {
      const asset = assetIdOf(sha256)
      if (!held[i]) gone.push(asset)
      else {
        there++
        if (absences.has(asset)) back.push(asset)
      }
    }
    batch = []
  }
  for await (const sha256 of contents) {
    if (ended()) break
    // Files of the same content, and a renamed file under both its names, count once.
    const key = Buffer.from(sha256).toString('latin1')
    if (seen.has(key)) continue
    seen.add(key)
    batch.push(sha256)
    if (batch.length === WIDTH) await settle()
  }
  await settle()
  return {
    there,
    gone,
    back,
    async tell() {
      await tellOf(
        gone.filter(asset => !absences.has(asset)),
        'absent',
      )
      await tellOf(back, 'held')
      if (back.length > 0) parts.onReturned()
    },
  }

  async function tellOf(assets: AssetId[], state: 'absent' | 'held'): Promise<void> {
    for (let i = 0; i < assets.length; i += COMMIT) {
      const some = assets.slice(i, i + COMMIT)
      await parts.commit(some.map(asset => ({ kind: 'original.custody', asset, state })))
      for (const asset of some) {
        if (state === 'absent') absences.add(asset)
        else absences.remove(asset)
      }
    }
  }
}
