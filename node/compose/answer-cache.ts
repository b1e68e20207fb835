/** Ready-made answers of the timeline, kept until something they tell of changes; bounded in bytes, oldest use goes first. */
export interface AnswerCache {
  /** The kept answer, or what `make` answers; callers who ask at one time share one making. */
  get(key: string, make: () => Promise<Uint8Array>): Promise<Uint8Array>
  /** Something changed: nothing kept or under way now may be given to those who ask from here on. */
  clear(): void
}

export function createAnswerCache(maxBytes: number): AnswerCache {
  let kept = new Map<string, Uint8Array>()
  let underWay = new Map<string, Promise<Uint8Array>>()
  let bytes = 0
  return {
    async get(key, make) {
      const found = kept.get(key)
      if (found) {
        kept.delete(key)
        kept.set(key, found)
        return found
      }
      const asked = underWay.get(key)
      if (asked) return asked
      const making = underWay
      const answer = make().finally(() => making.delete(key))
      making.set(key, answer)
      const made = await answer
      // Made before a change: true for those who asked then, not for later ones.
      if (making !== underWay || made.byteLength > maxBytes) return made
      kept.set(key, made)
      bytes += made.byteLength
      for (const [oldest, value] of kept) {
        if (bytes <= maxBytes) break
        kept.delete(oldest)
        bytes -= value.byteLength
      }
      return made
    },
    clear() {
      kept = new Map()
      underWay = new Map()
      bytes = 0
    },
  }
}
