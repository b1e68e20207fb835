import type { AssetId } from '../../shared/ids/index.ts'
import { inOrder, type AssetState } from './asset-state.ts'
import type { CatalogueState, Deferred, Position } from './catalogue-state.ts'
import type { NameState } from './rules/names.ts'

export interface MemoryState extends CatalogueState {
  assets(): Iterable<AssetState>
  /** Everything held, in one order: equal states give equal lines. */
  dump(): string[]
}

/** A catalogue in memory: the plainest home of the rules, by which others are judged. */
export function createMemoryState(): MemoryState {
  const assets = new Map<AssetId, AssetState>()
  const names = new Map<string, NameState>()
  const positions = new Map<string, Position>()
  const deferred = new Map<string, Deferred>()
  let newest = 0
  let rules = 0
  return {
    asset: id => assets.get(id),
    putAsset: state => void assets.set(state.id, state),
    name: (of, id) => names.get(`${of} ${id}`),
    putName: name => void names.set(`${name.of} ${name.id}`, name),
    position: device => positions.get(device),
    putPosition: (device, position) => void positions.set(device, position),
    newestStamp: () => newest,
    putNewestStamp: stamp => void (newest = stamp),
    rulesVersion: () => rules,
    putRulesVersion: version => void (rules = version),
    defer: block => void deferred.set(`${block.device} ${block.seq}`, block),
    takeDeferred(reasons, upTo) {
      const taken = [...deferred].filter(([, { reason, stamp }]) => reasons.includes(reason) && stamp <= upTo)
      for (const [key] of taken) deferred.delete(key)
      return taken.map(([, block]) => block)
    },
    assets: () => assets.values(),
    dump: () =>
      dumpLines({ assets: assets.values(), names: names.values(), deferred: deferred.values(), newest, positions }),
  }
}

/** Prints what a catalogue holds, the same for every implementation. */
export function dumpLines(parts: {
  assets: Iterable<AssetState>
  names: Iterable<NameState>
  deferred: Iterable<Deferred>
  positions: Map<string, Position>
  newest: number
}): string[] {
  const lines: string[] = []
  for (const state of parts.assets) lines.push(`asset ${state.id} ${JSON.stringify(inOrder(state))}`)
  for (const name of parts.names) lines.push(`name ${JSON.stringify(inOrder(name))}`)
  for (const { device, seq, reason, stamp, block } of parts.deferred)
    lines.push(`deferred ${device} ${seq} ${reason} ${stamp} ${Buffer.from(block).toString('hex')}`)
  for (const [device, { length, lastBlock }] of parts.positions) lines.push(`position ${device} ${length} ${lastBlock}`)
  lines.push(`newest ${parts.newest}`)
  return lines.sort()
}
