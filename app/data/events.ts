import { createSignal } from 'solid-js'
import type { NodeEvent } from '../../shared/schema/api.ts'
import { checkSession } from './session.ts'

type Listener<T extends NodeEvent['type']> = (event: Omit<Extract<NodeEvent, { type: T }>, 'type'>) => void

const FIRST_WAIT = 500
const LONGEST_WAIT = 5000

const listeners = new Map<NodeEvent['type'], Set<(event: never) => void>>()
const reconnected = new Set<() => void>()
const [connected, setConnected] = createSignal(true)

/** False while the event stream is down: what is shown may be out of date. */
export const isConnected = connected

/** Hears one kind of event for as long as the page lives. */
export function onNodeEvent<T extends NodeEvent['type']>(type: T, listener: Listener<T>): void {
  const known = listeners.get(type) ?? new Set()
  listeners.set(type, known.add(listener))
}

/** Hears when the stream is back after a gap, in which events were missed. */
export function onReconnect(listener: () => void): void {
  reconnected.add(listener)
}

/** Opens the event stream and keeps it open, waiting longer after each failure. */
export function startEvents(): void {
  let wait = FIRST_WAIT
  let missed = false
  let retry: ReturnType<typeof setTimeout> | undefined
  let source: EventSource

  const open = (): void => {
    clearTimeout(retry)
    retry = undefined
    source = new EventSource('/api/events')
    source.onopen = () => {
      wait = FIRST_WAIT
      setConnected(true)
      if (missed) for (const listener of reconnected) listener()
      missed = false
    }
    source.onerror = () => {
      source.close()
      missed = true
      setConnected(false)
      void checkSession()
      retry = setTimeout(open, wait * (0.75 + Math.random() / 2))
      wait = Math.min(wait * 2, LONGEST_WAIT)
    }
    for (const type of ['timeline', 'assets', 'import', 'status'] as const) {
      source.addEventListener(type, (message: MessageEvent<string>) => {
        const event = JSON.parse(message.data) as never
        for (const listener of listeners.get(type) ?? []) listener(event)
      })
    }
  }

  open()
  // A laptop that wakes or a network that returns need not wait for the timer.
  const hurry = (): void => {
    if (retry !== undefined && document.visibilityState === 'visible') open()
  }
  addEventListener('online', hurry)
  document.addEventListener('visibilitychange', hurry)
}
