import { createSignal } from 'solid-js'
import { ApiFault, isAbort, reasonOf } from '../../data/api.ts'
import { t } from '../../i18n/index.ts'
import type { Found } from './gather.ts'
import { sendFile } from './send.ts'

/** Files on their way at once. */
const PARALLEL = 3
/** Times that a busy node is asked. */
const BUSY_TRIES = 6
/** Failures that are kept to be read. */
const FAILURES_KEPT = 200

export interface UploadFailure {
  name: string
  reason: string
  found: Found
}

/** How the files of this page's uploads fare, since the tray was last empty. */
export interface Uploads {
  looking: boolean
  total: number
  added: number
  duplicates: number
  failed: number
  cancelled: number
  /** Names of those on their way. */
  current: string[]
  failures: UploadFailure[]
}

const nothing: Uploads = {
  looking: false,
  total: 0,
  added: 0,
  duplicates: 0,
  failed: 0,
  cancelled: 0,
  current: [],
  failures: [],
}

const [uploads, setUploads] = createSignal<Uploads>(nothing)
const queue: Found[] = []
let controller = new AbortController()
let running = 0
let walks = 0

export { uploads }

/** Whether nothing is on its way or waiting. */
export function uploadsIdle(state: Uploads): boolean {
  return !state.looking && state.added + state.duplicates + state.failed + state.cancelled >= state.total
}

/** How far all of it is, 0 to 1. */
export function uploadsProgress(state: Uploads): number {
  return state.total === 0 ? 0 : (state.added + state.duplicates + state.failed + state.cancelled) / state.total
}

function change(by: (state: Uploads) => Partial<Uploads>): void {
  setUploads(state => ({ ...state, ...by(state) }))
}

/** Sends a file, again after a while as long as the node is too busy to take it. */
async function sendWhenFree(file: File, signal: AbortSignal): Promise<'new' | 'duplicate'> {
  for (let tries = 1; ; tries++) {
    try {
      return await sendFile(file, signal)
    } catch (error) {
      if (!(error instanceof ApiFault) || error.status !== 503 || tries === BUSY_TRIES) throw error
      await new Promise(resolve => setTimeout(resolve, 500 * tries))
    }
  }
}

async function sendOne(found: Found, signal: AbortSignal): Promise<void> {
  change(state => ({ current: [...state.current, found.name] }))
  try {
    const file = await found.open().catch(() => Promise.reject(new TypeError(found.name)))
    const outcome = await sendWhenFree(file, signal)
    change(state => (outcome === 'new' ? { added: state.added + 1 } : { duplicates: state.duplicates + 1 }))
  } catch (error) {
    if (isAbort(error)) return change(state => ({ cancelled: state.cancelled + 1 }))
    const reason = error instanceof TypeError ? t('upload.unreadable') : reasonOf(error)
    change(state => ({
      failed: state.failed + 1,
      failures: [...state.failures, { name: found.name, reason, found }].slice(-FAILURES_KEPT),
    }))
  } finally {
    change(state => ({ current: state.current.filter(name => name !== found.name) }))
  }
}

function pump(): void {
  while (running < PARALLEL && queue.length > 0) {
    const found = queue.shift()!
    running++
    void sendOne(found, controller.signal).finally(() => {
      running--
      pump()
    })
  }
}

/** Adds files as they are found, a few at a time. */
export async function upload(found: AsyncIterable<Found>): Promise<void> {
  if (uploadsIdle(uploads())) setUploads(nothing)
  if (controller.signal.aborted) controller = new AbortController()
  const { signal } = controller
  walks++
  change(() => ({ looking: true }))
  try {
    for await (const one of found) {
      if (signal.aborted) break
      queue.push(one)
      change(state => ({ total: state.total + 1 }))
      pump()
    }
  } catch {
    // A folder that vanishes while it is walked: what was found in it still goes on.
  }
  walks--
  change(() => ({ looking: walks > 0 }))
}

/** Gives up what has not arrived. */
export function cancelUploads(): void {
  const left = queue.length
  queue.length = 0
  controller.abort()
  change(state => ({ cancelled: state.cancelled + left }))
}

/** Tries what failed once more. */
export function retryUploads(): void {
  const again = uploads().failures.map(failure => failure.found)
  setUploads(nothing)
  void upload(
    (async function* () {
      yield* again
    })(),
  )
}

export function dismissUploads(): void {
  setUploads(nothing)
}
