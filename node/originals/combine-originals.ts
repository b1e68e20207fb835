import type { OriginalStore, Verdict } from './original-store.ts'

/** What a node asks of all its originals, wherever they are kept. */
export type OriginalsView = Pick<OriginalStore, 'get' | 'has' | 'pathOf' | 'verify' | 'list' | 'stats'>

/**
 * Several stores as one, asked in their order. `verify` checks an original in all of them; it is `intact` where one copy
 * is. `list` gives each original once, as the first store that holds it. `stats` adds up: an original held by two
 * stores counts in both.
 */
export function combineOriginals(stores: readonly OriginalStore[]): OriginalsView {
  async function first<T>(ask: (store: OriginalStore) => Promise<T | null>): Promise<T | null> {
    for (const store of stores) {
      const answer = await ask(store)
      if (answer !== null) return answer
    }
    return null
  }
  return {
    get: (sha256, range) => first(store => store.get(sha256, range)),
    pathOf: sha256 => first(store => store.pathOf(sha256)),
    has: async sha256 => (await first(async store => ((await store.has(sha256)) ? true : null))) !== null,
    async verify(sha256, signal) {
      const verdicts = new Set<Verdict>()
      for (const store of stores) verdicts.add(await store.verify(sha256, signal))
      if (verdicts.has('intact')) return 'intact'
      return verdicts.has('corrupt') ? 'corrupt' : 'missing'
    },
    async *list() {
      for (const [at, store] of stores.entries()) {
        for await (const original of store.list()) {
          let listed = false
          for (const earlier of stores.slice(0, at)) listed ||= await earlier.has(original.sha256)
          if (!listed) yield original
        }
      }
    },
    async stats() {
      const sum = { originals: 0, bytes: 0 }
      for (const store of stores) {
        const { originals, bytes } = await store.stats()
        sum.originals += originals
        sum.bytes += bytes
      }
      return sum
    },
  }
}
