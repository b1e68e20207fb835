import type { ServerResponse } from 'node:http'
import { HomerollError } from '../../../shared/errors/index.ts'
import type { HttpLimits } from '../options.ts'
import type { NodeServices } from '../services.ts'
import { createEventClient, eventFrame, reloadFrame, type EventClient } from './event-client.ts'

/** Tells every open page what changed. */
export interface EventHub {
  /** Throws 503 `too-many-listeners` when there is no room. */
  checkRoom(): void
  /** `response` has its headers; it now belongs to the hub. `session` ends with that session, null never. */
  join(response: ServerResponse, session: string | null): void
  /** Ends the streams of a session that signed out. */
  endSession(session: string): void
  close(): void
}

export function createEventHub(services: NodeServices, limits: HttpLimits): EventHub {
  const clients = new Map<EventClient, string | null>()
  const sendAll = (frame: string) => {
    for (const client of clients.keys()) client.send(frame)
  }
  const stopListening = services.events(({ type, ...data }) => {
    // Written once for all who listen.
    if (clients.size > 0) sendAll(eventFrame(type, data))
  })
  const heartbeat = setInterval(() => {
    for (const client of clients.keys()) client.beat()
  }, limits.heartbeatMs)
  heartbeat.unref()

  const sendStatus = async (client: EventClient) => {
    try {
      client.send(eventFrame('status', { status: await services.status() }))
    } catch {
      // The stream is worth having without it; the next status event makes up for it.
    }
  }
  return {
    checkRoom() {
      if (clients.size >= limits.eventClients) {
        throw new HomerollError('too-many-listeners', `${limits.eventClients} pages listen already. Close some.`, {
          status: 503,
        })
      }
    },
    join(response, session) {
      const client = createEventClient(response, limits.eventBacklogBytes, () => void sendStatus(client))
      // The current status goes first; whoever missed something while it was fetched reloads.
      let missed = false
      let place: EventClient = { ...client, send: () => void (missed = true) }
      clients.set(place, session)
      response.on('close', () => clients.delete(place))
      response.on('error', () => undefined)
      response.write('retry: 2000\n\n')
      void sendStatus(client).then(() => {
        if (!clients.delete(place)) return
        place = client
        clients.set(client, session)
        if (missed) client.send(reloadFrame)
      })
    },
    endSession(session) {
      for (const [client, owner] of clients) if (owner === session) client.end()
    },
    close() {
      stopListening()
      clearInterval(heartbeat)
      for (const client of clients.keys()) client.end()
    },
  }
}
