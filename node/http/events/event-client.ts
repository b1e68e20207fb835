import type { ServerResponse } from 'node:http'

/** One listener's stream of server-sent events, with a bound on what waits for it. */
export interface EventClient {
  /** `frame` is a whole event, blank line included. */
  send(frame: string): void
  beat(): void
  end(): void
}

/** What stands for events that were dropped: look at everything again. */
export const reloadFrame = 'event: timeline\ndata: {"buckets":null}\n\n'

/**
 * A listener that does not keep up loses events rather than making us keep them; once it has read what waits, `caughtUp`
 * runs and it is told to reload everything.
 */
export function createEventClient(response: ServerResponse, backlogBytes: number, caughtUp: () => void): EventClient {
  let behind = false
  response.on('drain', () => {
    if (!behind) return
    behind = false
    response.write(reloadFrame)
    caughtUp()
  })
  const full = () => response.writableLength > backlogBytes
  return {
    send(frame) {
      if (behind || full()) behind = true
      else response.write(frame)
    },
    beat() {
      if (!behind && !full()) response.write(':\n\n')
    },
    end() {
      response.end()
      // Whoever does not even read the end is cut off.
      if (response.writableLength > 0) response.destroy()
    },
  }
}

/** An event as it goes over the wire. */
export function eventFrame(type: string, data: unknown): string {
  return `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`
}
