import {
  applyBlocks,
  createMemoryState,
  createRules,
  isShown,
  takenAtOf,
  type DecodeFrame,
  type Projection,
} from '../../node/catalogue/index.ts'
import { bucketOf } from '../../shared/time/index.ts'

/** A projection without a file: what the index is judged by, and quick for tests of what stands above it. */
export function createMemoryProjection(ownDevice: string, decode: DecodeFrame) {
  const rules = createRules()
  let state = createMemoryState()
  const devices = new Set<string>()
  const projection: Projection = {
    async apply(blocks, now) {
      for (const { device } of blocks) devices.add(device)
      const { assets, ...counts } = applyBlocks(state, blocks, { now, ownDevice, decode, rules })
      const shown = [...assets].flatMap(id => state.asset(id) ?? []).filter(isShown)
      const buckets = new Set(shown.map(asset => bucketOf(takenAtOf(asset))))
      return { assets: shown.map(({ id }) => id), buckets: [...buckets], ...counts }
    },
    positions: async () =>
      Object.fromEntries([...devices].map(device => [device, state.position(device)?.length ?? 0])),
    newestStamp: async () => state.newestStamp(),
    async clear() {
      state = createMemoryState()
      devices.clear()
    },
  }
  return { projection, dump: () => state.dump() }
}
