import { hash } from 'node:crypto'
import { HomerollError } from '../../shared/errors/index.ts'
import type { AssetId } from '../../shared/ids/index.ts'
import type { Frame } from '../../shared/schema/index.ts'
import { MAX_AHEAD } from '../../shared/time/index.ts'
import type { CatalogueState } from './catalogue-state.ts'
import type { LogBlock } from './projection.ts'
import type { Rules } from './rules/rules.ts'

export type DecodeFrame = (
  block: Uint8Array,
) => { outcome: 'frame'; frame: Frame } | { outcome: 'invalid'; message: string }

export interface Applying {
  /** Wall clock, ms. */
  now: number
  ownDevice: string
  decode: DecodeFrame
  rules: Rules
}

export interface Applied {
  assets: Set<AssetId>
  heldBack: number
  unknown: number
  invalid: number
}

/**
 * Merges blocks into the state by the rules, and whatever was deferred and may count by now. The state comes out the
 * same whatever the order of the logs, and however the blocks are batched or repeated.
 */
export function applyBlocks(state: CatalogueState, blocks: readonly LogBlock[], applying: Applying): Applied {
  const { now, rules } = applying
  const applied: Applied = { assets: new Set(), heldBack: 0, unknown: 0, invalid: 0 }
  if (state.rulesVersion() < rules.version) {
    const again = state.takeDeferred(['unknown', 'invalid'], Number.MAX_SAFE_INTEGER)
    for (const block of again) applyBlock(state, block, applying, applied)
    state.putRulesVersion(rules.version)
  }
  const due = state.takeDeferred(['ahead'], now * 1000 + MAX_AHEAD)
  for (const block of due) applyBlock(state, block, applying, applied)

  const last = new Map<string, LogBlock>()
  for (const block of blocks) {
    const position = last.get(block.device)
    const length = position ? position.seq + 1 : (state.position(block.device)?.length ?? 0)
    if (block.seq > length) {
      const message = `the log of ${block.device} goes on at block ${block.seq}, but only ${length} are applied`
      throw new HomerollError('log-gap', `${message}: give the blocks between first`)
    }
    if (block.seq < length) {
      if (!position && block.seq === length - 1) checkSame(state, block)
      continue
    }
    applyBlock(state, block, applying, applied)
    last.set(block.device, block)
  }
  for (const { device, seq, block } of last.values())
    state.putPosition(device, { length: seq + 1, lastBlock: fingerprint(block) })
  return applied
}

function applyBlock(state: CatalogueState, { device, seq, block }: LogBlock, applying: Applying, applied: Applied) {
  const { rules, now, ownDevice } = applying
  const decoded = applying.decode(block)
  if (decoded.outcome === 'invalid') {
    applied.invalid++
    state.defer({ device, seq, reason: 'invalid', stamp: 0, block })
    return
  }
  const { v, hlc, ops } = decoded.frame
  const ahead = hlc > now * 1000 + MAX_AHEAD
  if (ahead && device !== ownDevice) {
    applied.heldBack++
    state.defer({ device, seq, reason: 'ahead', stamp: hlc, block })
    return
  }
  const newest = hlc + Math.max(0, ops.length - 1)
  if (Number.isSafeInteger(newest) && newest > state.newestStamp()) state.putNewestStamp(newest)
  if (v > rules.frameVersion) {
    applied.unknown++
    state.defer({ device, seq, reason: 'unknown', stamp: hlc, block })
    return
  }
  let unknown = false
  for (const [i, operation] of ops.entries()) {
    if (!rules.knows(operation)) {
      unknown = true
      continue
    }
    const asset = rules.merge(state, operation, { stamp: hlc + i, device })
    if (asset !== null) applied.assets.add(asset)
  }
  if (!unknown) return
  applied.unknown++
  // The block is kept whole: merging again what is known of it changes nothing.
  state.defer({ device, seq, reason: 'unknown', stamp: hlc, block })
}

function checkSame(state: CatalogueState, { device, seq, block }: LogBlock): void {
  if (state.position(device)?.lastBlock === fingerprint(block)) return
  const message = `block ${seq} of the log of ${device} is not the one that was applied`
  throw new HomerollError('log-differs', `${message}: rebuild the index from the logs`)
}

function fingerprint(block: Uint8Array): string {
  return hash('sha256', block, 'hex').slice(0, 32)
}
