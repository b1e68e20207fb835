import { request, type IncomingMessage } from 'node:http'
import type { TestDoor } from './http-door.ts'

export interface EventStream {
  response: IncomingMessage
  /** The next event, comments skipped; null once the stream has ended. */
  next(): Promise<{ type: string; data: unknown } | null>
  /** Text not yet taken by `next`. */
  rest(): string
  close(): void
}

/** Listens to `GET /api/events` as a browser would. Does not read until `next` is called. */
export async function listen(door: TestDoor, headers: Record<string, string> = {}): Promise<EventStream> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const auth: Record<string, string> = headers.cookie ? {} : { authorization: `Bearer ${door.token}` }
    request(
      { host: '127.0.0.1', port: door.http.port, path: '/api/events', headers: { ...auth, ...headers }, agent: false },
      resolve,
    )
      .on('error', reject)
      .end()
  })
  response.on('error', () => undefined)
  let text = ''
  const chunks = (response as AsyncIterable<Buffer>)[Symbol.asyncIterator]()
  return {
    response,
    rest: () => text,
    close: () => response.destroy(),
    async next() {
      for (;;) {
        const end = text.indexOf('\n\n')
        if (end < 0) {
          const chunk = await chunks.next()
          if (chunk.done) return null
          text += chunk.value.toString()
          continue
        }
        const block = text.slice(0, end)
        text = text.slice(end + 2)
        const type = /^event: (.*)$/m.exec(block)?.[1]
        const data = /^data: (.*)$/m.exec(block)?.[1]
        if (type !== undefined && data !== undefined) return { type, data: JSON.parse(data) as unknown }
      }
    },
  }
}
