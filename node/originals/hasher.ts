import { availableParallelism } from 'node:os'
import { HomerollError } from '../../shared/errors/index.ts'
import { startWorkerThread, type WorkerThread } from '../platform/index.ts'
import type { HashHandlers, HashReply } from './hash-worker.ts'

/** `changed`: the file grew, shrank, was written or replaced while it was read; come back when it rests. */
export type FileHash =
  | {
      outcome: 'hashed'
      /** 32 bytes. */
      sha256: Uint8Array
      /** 20 bytes. */
      sha1: Uint8Array
      bytes: number
      /** Modification time, whole milliseconds since 1970, rounded down. */
      modifiedMs: number
    }
  | { outcome: 'changed' }

/**
 * Hashes files on worker threads, 1 MiB at a time. Faults: `source-missing`, `source-denied`, `not-a-file`,
 * `read-failed`; an abort rejects with the signal's reason, at once.
 */
export interface Hasher {
  /** SHA-256 and SHA-1 in one read. `onProgress` hears how many bytes are done, a few times a second. */
  hashFile(path: string, options?: { signal?: AbortSignal; onProgress?: (bytes: number) => void }): Promise<FileHash>
  /** SHA-256 alone, at half the work: for checking what is already known. */
  sha256File(
    path: string,
    options?: { signal?: AbortSignal },
  ): Promise<{ outcome: 'hashed'; sha256: Uint8Array; bytes: number; modifiedMs: number } | { outcome: 'changed' }>
  /** Ends the threads once the files under way are done; files still waiting fail with `hasher-closed`. */
  close(): Promise<void>
}

const PROGRESS_MS = 200

interface Job {
  path: string
  withSha1: boolean
  control: SharedArrayBuffer
  resolve(reply: HashReply): void
  reject(reason: unknown): void
}

/** `threads`: how many files are read at a time; threads start when they are first needed. */
export function createHasher({ threads = Math.min(availableParallelism(), 8) }: { threads?: number } = {}): Hasher {
  const idle: WorkerThread<HashHandlers>[] = []
  const started = new Set<WorkerThread<HashHandlers>>()
  const queue: Job[] = []
  let closed = false

  const takeThread = () => {
    const thread = idle.pop()
    if (thread) return thread
    if (started.size >= Math.max(1, threads)) return null
    const fresh = startWorkerThread<HashHandlers>(new URL('./hash-worker.ts', import.meta.url), null)
    started.add(fresh)
    return fresh
  }

  const work = () => {
    while (queue.length > 0) {
      const thread = takeThread()
      if (!thread) return
      void run(thread, queue.shift() as Job)
    }
  }

  const run = async (thread: WorkerThread<HashHandlers>, job: Job) => {
    let alive = true
    try {
      job.resolve(await thread.calls.hash(job.path, job.withSha1, job.control))
    } catch (thrown) {
      // A dead thread is not taken again: the next file starts a new one.
      alive = !(thrown instanceof HomerollError && ['worker-died', 'worker-ended'].includes(thrown.code))
      job.reject(thrown)
    }
    if (alive) idle.push(thread)
    else started.delete(thread)
    work()
  }

  const hash = (
    path: string,
    withSha1: boolean,
    { signal, onProgress }: { signal?: AbortSignal; onProgress?: (bytes: number) => void } = {},
  ) =>
    new Promise<HashReply>((resolve, reject) => {
      if (closed) return reject(new HomerollError('hasher-closed', `${path} was not read: the node is stopping`))
      if (signal?.aborted) return reject(signal.reason as Error)
      const control = new SharedArrayBuffer(16)
      const done = new BigInt64Array(control, 8, 1)
      const timer = onProgress && setInterval(() => onProgress(Number(Atomics.load(done, 0))), PROGRESS_MS)
      const settle = () => {
        clearInterval(timer)
        signal?.removeEventListener('abort', abort)
      }
      const job: Job = {
        path,
        withSha1,
        control,
        resolve(reply) {
          settle()
          resolve(reply)
        },
        reject(reason) {
          settle()
          reject(reason instanceof Error ? reason : new Error(String(reason)))
        },
      }
      const abort = () => {
        Atomics.store(new Int32Array(control, 0, 1), 0, 1)
        const at = queue.indexOf(job)
        if (at >= 0) queue.splice(at, 1)
        job.reject(signal?.reason)
      }
      signal?.addEventListener('abort', abort)
      queue.push(job)
      work()
    })

  return {
    async hashFile(path, options) {
      const reply = await hash(path, true, options)
      if (reply.outcome !== 'hashed' || !reply.sha1) return { outcome: 'changed' }
      return { ...reply, sha1: reply.sha1 }
    },
    async sha256File(path, options) {
      const reply = await hash(path, false, options)
      return reply.outcome === 'hashed' ? reply : { outcome: 'changed' }
    },
    async close() {
      closed = true
      for (const job of queue.splice(0)) {
        job.reject(new HomerollError('hasher-closed', `${job.path} was not read: the node is stopping`))
      }
      await Promise.all([...started].map(thread => thread.close()))
    },
  }
}
