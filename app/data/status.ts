import { createSignal } from 'solid-js'
import type { Status } from '../../shared/schema/api.ts'
import { reasonOf, request } from './api.ts'
import { onNodeEvent, onReconnect } from './events.ts'

const [status, setStatus] = createSignal<Status | null>(null)
const [failure, setFailure] = createSignal<string | null>(null)

/** What the node last said about itself; null until it has. */
export const nodeStatus = status
/** Why the status is not known. */
export const statusFailure = failure

export async function loadStatus(): Promise<void> {
  try {
    setStatus(await request<Status>('/api/status'))
    setFailure(null)
  } catch (error) {
    setFailure(reasonOf(error))
  }
}

export function followStatus(): void {
  onNodeEvent('status', event => setStatus(event.status))
  onReconnect(() => void loadStatus())
}
