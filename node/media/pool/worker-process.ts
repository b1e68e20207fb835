import { fork, type ChildProcess } from 'node:child_process'
import { setPriority, tmpdir } from 'node:os'
import { HomerollError } from '../../../shared/errors/index.ts'
import type { Job, Report } from './messages.ts'
import { residentBytes } from './resident-memory.ts'

/** How a worker came to its end while it had a job. */
export type Death = 'decoder-crashed' | 'decoder-memory' | 'decoder-timeout'

export type JobResult =
  | { result: 'answer'; value: unknown }
  | { result: 'fault'; error: HomerollError }
  /** The worker is dead; `detail` says what is known. */
  | { result: 'death'; death: Death; detail: string }

/** One child process that decodes: one job at a time, no secrets, killed over its limits. */
export interface WorkerProcess {
  readonly pid: number | undefined
  /** False once it has ended or is about to. */
  readonly alive: boolean
  /** Never rejects. */
  run(job: Job, timeoutMs: number): Promise<JobResult>
  /** Ends it at once, with what it started; resolves when it is gone. */
  kill(): Promise<void>
}

const workerFile = new URL('./worker-main.ts', import.meta.url)
const POLL_MS = 100
const HEAP_MIB = 256

export function startWorkerProcess(memoryLimit: number): WorkerProcess {
  const child = fork(workerFile, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [`--max-old-space-size=${HEAP_MIB}`, '--disable-warning=ExperimentalWarning'],
    env: workerEnvironment(),
    cwd: tmpdir(),
    // A group of its own, so that a decoder it starts dies with it, and Ctrl-C in a terminal does not reach it.
    detached: process.platform !== 'win32',
  })
  let alive = true
  let ready = false
  let verdict: Death | null = null
  let lastWords = ''
  let reported = 0
  let settle: ((result: JobResult) => void) | null = null
  const gone = Promise.withResolvers<void>()

  const kill = (death: Death | null) => {
    if (!alive) return
    alive = false
    verdict = death
    killGroup(child)
  }
  const ended = (how: string, bySignal = false) => {
    alive = false
    gone.resolve()
    const words = lastWords.trim().slice(-500)
    const detail = words ? `${how}: ${words}` : how
    // One that ends by itself before it is ready would do so for every file.
    if (ready || verdict || bySignal) settle?.({ result: 'death', death: verdict ?? 'decoder-crashed', detail })
    else settle?.({ result: 'fault', error: cannotStart(detail) })
    settle = null
  }
  child.on('exit', (code, signal) => ended(signal ? `ended by ${signal}` : `ended with code ${code}`, signal !== null))
  child.on('error', cause => {
    if (child.pid === undefined) ended(cause.message)
  })
  child.on('message', (report: Report) => {
    if (report.report === 'ready') ready = true
    else if (report.report === 'memory') reported = report.bytes
    else if (report.report === 'answer') settle?.({ result: 'answer', value: report.value })
    else settle?.({ result: 'fault', error: new HomerollError(report.code, report.message) })
  })
  child.stderr?.on('data', (chunk: Buffer) => (lastWords = (lastWords + chunk.toString('latin1')).slice(-2000)))
  if (child.pid !== undefined) {
    try {
      // Browsing comes first: decoding takes what is left of the machine.
      setPriority(child.pid, 10)
    } catch {
      // It may have ended already, or the system has no such thing.
    }
  }
  hold(child, false)

  return {
    pid: child.pid,
    get alive() {
      return alive
    },
    async run(job, timeoutMs) {
      if (!alive) return { result: 'death', death: 'decoder-crashed', detail: 'ended while idle' }
      hold(child, true)
      const timeout = setTimeout(() => kill('decoder-timeout'), timeoutMs)
      const poll = setInterval(() => {
        void (async () => {
          const bytes = child.pid === undefined ? null : await residentBytes(child.pid)
          if ((bytes ?? reported) > memoryLimit) kill('decoder-memory')
        })()
      }, POLL_MS)
      const result = await new Promise<JobResult>(resolve => {
        settle = resolve
        child.send(job, cause => {
          if (cause) kill(null)
        })
      })
      settle = null
      clearTimeout(timeout)
      clearInterval(poll)
      hold(child, false)
      return result
    },
    kill() {
      // Whoever waits for the end keeps the node up until it has come.
      child.ref()
      kill(null)
      return gone.promise
    },
  }
}

/** Whether this child keeps the node's event loop running. */
function hold(child: ChildProcess, held: boolean): void {
  const stderr = child.stderr as { ref?(): void; unref?(): void } | null
  for (const handle of [child, child.channel, stderr]) {
    if (held) handle?.ref?.()
    else handle?.unref?.()
  }
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined && process.platform !== 'win32') process.kill(-child.pid, 'SIGKILL')
  } catch {
    // The group is gone, or not made yet: the child alone is what is left to end.
  }
  child.kill('SIGKILL')
}

function cannotStart(detail: string): HomerollError {
  return new HomerollError('decoder-unavailable', `the picture decoder cannot start (${detail}); try npm ci again`)
}

/** Only what programs need to run: the node's own environment may hold secrets. */
function workerEnvironment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    // Pictures too big for memory must meet the memory limit, not fill the disk.
    VIPS_DISC_THRESHOLD: '64g',
    VIPS_CONCURRENCY: '1',
    MALLOC_ARENA_MAX: '2',
  }
  for (const name of ['PATH', 'TMPDIR', 'TMP', 'TEMP', 'SystemRoot', 'LD_LIBRARY_PATH', 'TZ']) {
    if (process.env[name] !== undefined) env[name] = process.env[name]
  }
  return env
}
