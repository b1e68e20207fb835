import { HomerollError } from '../../../shared/errors/index.ts'
import type { Answers, Job } from './messages.ts'
import { residentBytes } from './resident-memory.ts'
import { startWorkerProcess, type Death, type WorkerProcess } from './worker-process.ts'

export type Outcome<T> = { outcome: 'answered'; value: T } | { outcome: 'died'; death: Death; detail: string }

export interface JobOptions {
  timeoutMs: number
  /** Goes before everything that is not urgent. */
  urgent?: boolean
  signal?: AbortSignal | undefined
}

/** Worker processes that take jobs in turn. They start when there is work and end when there is none. */
export interface Pool {
  /**
   * A job whose worker dies is run once more, alone on the machine, before it counts as died: the first death may have
   * been another's fault. Rejects with the worker's fault, the signal's reason, or `media-closed`.
   */
  run<K extends keyof Answers>(job: Job<K>, options: JobOptions): Promise<Outcome<Answers[K]>>
  /** Of the workers alive now. */
  pids(): number[]
  close(): Promise<void>
}

interface PoolLimits {
  workers: number
  /** Bytes one worker may hold. */
  memoryBytes: number
  /** Milliseconds until a worker without work ends. */
  idleMs: number
}

interface Entry {
  job: Job
  options: JobOptions
  attempt: 1 | 2
  resolve(outcome: Outcome<never>): void
  reject(reason: unknown): void
}

export function createPool(limits: PoolLimits): Pool {
  const urgent: Entry[] = []
  const patient: Entry[] = []
  /** Second attempts: each waits until nothing runs, and nothing starts beside it. */
  const again: Entry[] = []
  const idle: { worker: WorkerProcess; timer: NodeJS.Timeout }[] = []
  const busy = new Map<WorkerProcess, Entry>()
  let closed = false

  const next = (): Entry | undefined => {
    if ([...busy.values()].some(entry => entry.attempt === 2)) return undefined
    if (again.length > 0) return busy.size === 0 ? again.shift() : undefined
    return busy.size < limits.workers ? (urgent.shift() ?? patient.shift()) : undefined
  }
  const dispatch = () => {
    for (let entry = next(); entry; entry = next()) void serve(entry)
  }
  const idleWorker = (): WorkerProcess | undefined => {
    for (let one = idle.pop(); one; one = idle.pop()) {
      clearTimeout(one.timer)
      if (one.worker.alive) return one.worker
    }
    return undefined
  }

  const serve = async (entry: Entry) => {
    const worker = idleWorker() ?? startWorkerProcess(limits.memoryBytes)
    busy.set(worker, entry)
    const { signal, timeoutMs } = entry.options
    const abort = () => void worker.kill()
    signal?.addEventListener('abort', abort, { once: true })
    const result = await worker.run(entry.job, timeoutMs)
    signal?.removeEventListener('abort', abort)
    if (worker.alive) await rest(worker)
    busy.delete(worker)

    if (closed) entry.reject(closedError())
    else if (signal?.aborted) entry.reject(signal.reason)
    else if (result.result === 'answer') entry.resolve({ outcome: 'answered', value: result.value as never })
    else if (result.result === 'fault') entry.reject(result.error)
    else if (entry.attempt === 1) again.push({ ...entry, attempt: 2 })
    else entry.resolve({ outcome: 'died', death: result.death, detail: result.detail })
    dispatch()
  }

  const rest = async (worker: WorkerProcess) => {
    // Memory that a big picture left behind is given back by a fresh process only.
    const held = worker.pid === undefined ? 0 : ((await residentBytes(worker.pid)) ?? 0)
    if (closed || held > limits.memoryBytes / 3) return void worker.kill()
    const timer = setTimeout(() => {
      const at = idle.findIndex(one => one.worker === worker)
      if (at >= 0) idle.splice(at, 1)
      void worker.kill()
    }, limits.idleMs)
    timer.unref()
    idle.push({ worker, timer })
  }

  return {
    run: (job, options) =>
      new Promise((resolve, reject) => {
        const { signal } = options
        if (closed) return reject(closedError())
        if (signal?.aborted) return reject(signal.reason as Error)
        const queue = options.urgent ? urgent : patient
        const leave = () => {
          for (const list of [queue, again]) {
            const at = list.findIndex(waiting => waiting.job === job)
            if (at >= 0) list.splice(at, 1)[0]?.reject(signal?.reason)
          }
        }
        const done = <T>(settle: (value: T) => void) => {
          return (value: T) => {
            signal?.removeEventListener('abort', leave)
            settle(value)
          }
        }
        signal?.addEventListener('abort', leave, { once: true })
        queue.push({ job, options, attempt: 1, resolve: done(resolve), reject: done(reject) })
        dispatch()
      }),
    pids: () => [...busy.keys(), ...idle.map(one => one.worker)].flatMap(({ pid }) => pid ?? []),
    async close() {
      closed = true
      for (const entry of [urgent, patient, again].flatMap(list => list.splice(0))) entry.reject(closedError())
      const workers = [...busy.keys(), ...idle.splice(0).map(({ worker, timer }) => (clearTimeout(timer), worker))]
      await Promise.all(workers.map(worker => worker.kill()))
    },
  }
}

function closedError(): HomerollError {
  return new HomerollError('media-closed', 'the media room is closed; the node is stopping')
}
