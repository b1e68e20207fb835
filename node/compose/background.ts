import { errorMessage } from '../../shared/errors/index.ts'

/** Work that nobody waits for, one piece after another; ended with the node. */
export interface Background {
  run(work: (signal: AbortSignal) => Promise<void>): void
  busy(): boolean
  close(): Promise<void>
}

export function createBackground(): Background {
  const stop = new AbortController()
  let left = 0
  let turn: Promise<void> = Promise.resolve()
  return {
    run(work) {
      left++
      turn = turn
        .then(() => (stop.signal.aborted ? undefined : work(stop.signal)))
        .catch((thrown: unknown) => {
          if (!stop.signal.aborted) process.emitWarning(`in the background: ${errorMessage(thrown)}`)
        })
        .finally(() => left--)
    },
    busy: () => left > 0,
    async close() {
      stop.abort()
      await turn
    },
  }
}
