import type { NodeEvent, Status } from '../../shared/schema/index.ts'
import type { Changes } from '../catalogue/index.ts'
import { createEmitter } from '../platform/index.ts'

/** What the app hears: changes gathered for a moment, so that an import does not flood anyone. */
export interface NodeEvents {
  listen(listener: (event: NodeEvent) => void): () => void
  emit(event: NodeEvent): void
  changed(changes: Pick<Changes, 'assets' | 'buckets'>): void
  /** The status is asked for and sent soon, once for many calls. */
  statusChanged(): void
  close(): void
}

const GATHER_MS = 150
const STATUS_MS = 1000
/** Above this many, "reload" is the shorter message. */
const MANY_BUCKETS = 200
const MANY_ASSETS = 1000

export function createNodeEvents(status: () => Promise<Status>): NodeEvents {
  const emitter = createEmitter<NodeEvent>()
  const buckets = new Set<string>()
  const assets = new Set<string>()
  let timer: NodeJS.Timeout | null = null
  let statusTimer: NodeJS.Timeout | null = null

  function send(): void {
    timer = null
    if (buckets.size > 0) {
      emitter.emit({ type: 'timeline', buckets: buckets.size > MANY_BUCKETS ? null : [...buckets] })
    }
    const ids = [...assets]
    for (let i = 0; i < ids.length; i += MANY_ASSETS) {
      emitter.emit({ type: 'assets', ids: ids.slice(i, i + MANY_ASSETS) })
    }
    buckets.clear()
    assets.clear()
  }

  return {
    listen: listener => emitter.listen(listener),
    emit: event => emitter.emit(event),
    changed(changes) {
      for (const bucket of changes.buckets) buckets.add(bucket)
      for (const asset of changes.assets) assets.add(asset)
      if (buckets.size + assets.size > 0) timer ??= setTimeout(send, GATHER_MS)
    },
    statusChanged() {
      statusTimer ??= setTimeout(() => {
        statusTimer = null
        void status().then(
          now => emitter.emit({ type: 'status', status: now }),
          () => undefined,
        )
      }, STATUS_MS)
    },
    close() {
      if (timer) clearTimeout(timer)
      if (statusTimer) clearTimeout(statusTimer)
    },
  }
}
