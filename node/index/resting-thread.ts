import type { Calls, WorkerThread } from '../platform/index.ts'

type Handlers = Record<string, (...args: never[]) => unknown> & { close(): void }

/** A thread that is there while it has work, and some time after: what it costs in memory it costs only then. */
export interface RestingThread<H extends Handlers> {
  use<T>(work: (calls: Calls<H>) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** `start` is called for the first work, and again for the first after `restAfterMs` without any. */
export function createRestingThread<H extends Handlers>(
  start: () => WorkerThread<H>,
  restAfterMs: number,
): RestingThread<H> {
  let thread: WorkerThread<H> | null = null
  let busy = 0
  let timer: NodeJS.Timeout | null = null
  let ending: Promise<void> = Promise.resolve()

  function end(): Promise<void> {
    if (timer) clearTimeout(timer)
    timer = null
    const ended = thread
    thread = null
    if (ended) ending = Promise.all([ending, endThread(ended)]).then(() => undefined)
    return ending
  }

  async function endThread(ended: WorkerThread<H>): Promise<void> {
    // A thread that died has nothing left to close.
    await (ended.calls.close as () => Promise<void>)().catch(() => undefined)
    await ended.close()
  }

  return {
    async use(work) {
      if (timer) clearTimeout(timer)
      timer = null
      thread ??= start()
      busy++
      const used = thread
      try {
        return await work(used.calls)
      } catch (thrown) {
        // One that died is started anew by the next work.
        if (isDeath(thrown) && thread === used) thread = null
        throw thrown
      } finally {
        busy--
        if (busy === 0 && thread) timer = setTimeout(() => void end(), restAfterMs).unref()
      }
    },
    close: end,
  }
}

function isDeath(thrown: unknown): boolean {
  const code = (thrown as { code?: unknown } | null)?.code
  return code === 'worker-died' || code === 'worker-ended'
}
