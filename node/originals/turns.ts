/** Work under one key runs one after another; under different keys at the same time. */
export interface Turns {
  take: <T>(key: string, work: () => Promise<T>) => Promise<T>
  /** Resolves once all work taken so far is done. */
  done(): Promise<void>
}

export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>()
  return {
    take(key, work) {
      const turn = (last.get(key) ?? Promise.resolve()).then(work, work)
      last.set(key, turn)
      const leave = () => {
        if (last.get(key) === turn) last.delete(key)
      }
      turn.then(leave, leave)
      return turn
    },
    async done() {
      await Promise.allSettled(last.values())
    },
  }
}
