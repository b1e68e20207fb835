import { Worker, type MessagePort, type ResourceLimits, type Transferable } from 'node:worker_threads'
import { errorCode, errorMessage, HomerollError } from '../../shared/errors/index.ts'

type Handlers = Record<string, (...args: never[]) => unknown>
interface Call {
  id: number
  name: string
  args: unknown[]
}
type Reply = { id: number; value: unknown } | { id: number; error: { code: string; message: string; status: number } }

/** The far side of a worker's handlers: each becomes a call that resolves with the handler's value. */
export type Calls<H extends Handlers> = {
  [K in keyof H]: (...args: Parameters<H[K]>) => Promise<Awaited<ReturnType<H[K]>>>
}

/** Inside a worker thread: answers calls one after another, in their order; big buffers in `Uint8Array` move, not copy. */
export function answerCalls(port: MessagePort, handlers: Handlers): void {
  let turn = Promise.resolve()
  port.on('message', (call: Call) => {
    turn = turn.then(async () => {
      try {
        const handler = handlers[call.name]
        if (!handler) throw new HomerollError('no-such-call', `this worker has no call named ${call.name}`)
        const value = await handler(...(call.args as never[]))
        port.postMessage({ id: call.id, value } satisfies Reply, movable(value))
      } catch (thrown) {
        const status = thrown instanceof HomerollError ? thrown.status : 500
        port.postMessage({
          id: call.id,
          error: { code: errorCode(thrown), message: errorMessage(thrown), status },
        } satisfies Reply)
      }
    })
  })
}

function movable(value: unknown): Transferable[] {
  if (!(value instanceof Uint8Array)) return []
  // A view on a larger (pooled) buffer must not take that buffer away from others.
  return value.byteLength === value.buffer.byteLength && value.buffer instanceof ArrayBuffer ? [value.buffer] : []
}

export interface WorkerThread<H extends Handlers> {
  calls: Calls<H>
  /** Ends the thread once the calls under way are answered. */
  close(): Promise<void>
}

/**
 * Starts a worker thread whose file answers `H` with `answerCalls`; a thread that dies fails the calls under way.
 * `resourceLimits` bounds its memory, as `worker_threads` has them.
 */
export function startWorkerThread<H extends Handlers>(
  file: URL,
  workerData: unknown,
  resourceLimits: ResourceLimits = {},
): WorkerThread<H> {
  const worker = new Worker(file, { workerData, resourceLimits })
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  let nextId = 1
  let ended: Error | null = null
  const drained: (() => void)[] = []
  const tellDrained = () => {
    for (const tell of drained.splice(0)) tell()
  }
  const fail = (error: Error) => {
    ended ??= error
    for (const call of waiting.values()) call.reject(error)
    waiting.clear()
    tellDrained()
  }
  worker.on('message', (reply: Reply) => {
    const call = waiting.get(reply.id)
    waiting.delete(reply.id)
    if ('error' in reply) {
      const { code, message, status } = reply.error
      call?.reject(new HomerollError(code, message, { status }))
    } else call?.resolve(reply.value)
    if (waiting.size === 0) tellDrained()
  })
  worker.on('error', cause =>
    fail(new HomerollError('worker-died', `worker ${file.pathname} died: ${errorMessage(cause)}`, { cause })),
  )
  worker.on('messageerror', cause =>
    fail(new HomerollError('worker-died', `an answer of worker ${file.pathname} cannot be read`, { cause })),
  )
  worker.on('exit', () => fail(new HomerollError('worker-ended', `worker ${file.pathname} has ended`)))
  const calls = new Proxy({} as Calls<H>, {
    get:
      (_, name: string) =>
      (...args: unknown[]) =>
        new Promise((resolve, reject) => {
          if (ended) return reject(ended)
          const id = nextId++
          // Throws for what cannot be sent: then nothing waits for an answer.
          worker.postMessage({ id, name, args } satisfies Call)
          waiting.set(id, { resolve, reject })
        }),
  })
  return {
    calls,
    async close() {
      if (waiting.size > 0 && !ended) await new Promise<void>(resolve => drained.push(resolve))
      ended ??= new HomerollError('worker-ended', `worker ${file.pathname} has ended`)
      await worker.terminate()
    },
  }
}
