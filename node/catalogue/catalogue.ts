import { errorMessage, HomerollError } from '../../shared/errors/index.ts'
import type { Operation } from '../../shared/schema/index.ts'
import { createHybridClock, type Stamp } from '../../shared/time/index.ts'
import type { LogSet } from '../log/index.ts'
import { createEmitter } from '../platform/index.ts'
import { catchUp, type CatchUpOptions } from './catch-up.ts'
import type { Changes, Projection } from './projection.ts'

export interface CatalogueParts {
  logs: Pick<LogSet, 'own' | 'all'>
  projection: Projection
  /** Spreads operations over blocks, each operation with a stamp of its own (`packFrames` of the log room). */
  pack(operations: Operation[], nextStamp: (count: number) => Stamp): { block: Uint8Array }[]
  /** Wall clock, ms. */
  now(): number
}

/** The one path by which anything enters what this device shows: log first, then projection, then the listeners. */
export interface Catalogue {
  /**
   * Makes the operations part of this device's log and resolves once they would survive a power cut and every read shows
   * them. Calls that come together share one append. Rejects with what `pack` says of an operation, or what the log says
   * (`disk-full`): then nothing of them counts. Rejects with `index-behind` where they are in the log but could not be
   * projected: they show as soon as that succeeds again, and must not be committed anew.
   */
  commit(operations: Operation[]): Promise<void>
  /** Projects what the logs hold beyond the projection, after a start or a replication. Commits wait meanwhile. */
  catchUp(options?: CatchUpOptions): Promise<void>
  /** Empties the projection and fills it again from the logs. */
  rebuild(options?: CatchUpOptions): Promise<void>
  /** Called after every change that reads show. Returns the way to stop listening. */
  onChanges(listener: (changes: Changes) => void): () => void
  /** Lets what was committed finish and takes nothing new (`closing`). */
  close(): Promise<void>
}

/** Operations of this many callers' commits go into one append at most. */
const BATCH_OPERATIONS = 5000

interface Waiting {
  operations: Operation[]
  resolve(): void
  reject(reason: unknown): void
}

export function createCatalogue(parts: CatalogueParts): Catalogue {
  const { logs, projection } = parts
  const now = () => parts.now()
  const clock = createHybridClock(now)
  const changes = createEmitter<Changes>()
  let waiting: Waiting[] = []
  let pumping = false
  let closed = false
  /** Whether the projection is known to hold all of the logs, so that the next own block fits onto it. */
  let level = false
  let turn: Promise<unknown> = Promise.resolve()

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = turn.then(work)
    turn = done.catch(() => undefined)
    return done
  }

  function emit(change: Changes): void {
    if (change.assets.length + change.buckets.length + change.heldBack + change.unknown + change.invalid === 0) return
    changes.emit(change)
  }

  async function levelUp(options?: CatchUpOptions): Promise<void> {
    level = false
    await catchUp(logs.all(), projection, now, emit, options)
    clock.observe(await projection.newestStamp())
    level = true
  }

  async function pump(): Promise<void> {
    if (pumping) return
    pumping = true
    // Everything that is called in this turn of the event loop joins the first append.
    await Promise.resolve()
    while (waiting.length > 0) {
      const batch = takeBatch()
      await inTurn(() => commitTogether(batch))
    }
    pumping = false
  }

  function takeBatch(): Waiting[] {
    let operations = 0
    const end = waiting.findIndex(caller => (operations += caller.operations.length) > BATCH_OPERATIONS)
    const batch = end < 0 ? waiting : waiting.slice(0, Math.max(1, end))
    waiting = waiting.slice(batch.length)
    return batch
  }

  async function commitTogether(batch: Waiting[]): Promise<void> {
    let blocks: Uint8Array[]
    try {
      if (!level) await levelUp()
      const operations = batch.flatMap(caller => caller.operations)
      blocks = parts.pack(operations, count => clock.next(count)).map(({ block }) => block)
    } catch (thrown) {
      // One caller's operation that is misshapen or fits no frame must not fail the others.
      if (batch.length > 1 && level) for (const caller of batch) await commitTogether([caller])
      else for (const caller of batch) caller.reject(thrown)
      return
    }
    let length: number
    try {
      length = await logs.own.append(blocks)
    } catch (thrown) {
      level = false
      for (const caller of batch) caller.reject(thrown)
      return
    }
    try {
      await project(blocks, length - blocks.length)
      for (const caller of batch) caller.resolve()
    } catch (cause) {
      const message = `kept in the log, but the index could not take it yet: ${errorMessage(cause)}`
      for (const caller of batch) caller.reject(new HomerollError('index-behind', message, { status: 503, cause }))
    }
  }

  async function project(blocks: Uint8Array[], from: number): Promise<void> {
    const { device } = logs.own
    try {
      const change = await projection.apply(
        blocks.map((block, i) => ({ device, seq: from + i, block })),
        now(),
      )
      emit(change)
    } catch {
      // What is missing is in the log: a second try fills every gap, or says what is wrong.
      await levelUp()
    }
  }

  return {
    commit(operations) {
      if (closed) return Promise.reject(new HomerollError('closing', 'the node is closing', { status: 503 }))
      if (operations.length === 0) return Promise.resolve()
      return new Promise((resolve, reject) => {
        waiting.push({ operations, resolve, reject })
        void pump()
      })
    },
    catchUp: options => inTurn(() => levelUp(options)),
    rebuild: options =>
      inTurn(async () => {
        level = false
        await projection.clear()
        await levelUp(options)
      }),
    onChanges: listener => changes.listen(listener),
    async close() {
      closed = true
      while (pumping) await inTurn(async () => undefined)
    },
  }
}
