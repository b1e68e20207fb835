import { dataHeaders } from '../doors/answer-headers.ts'
import type { Door } from './door.ts'

/** Server-sent events. */
export function addEventRoute({ app, hub }: Door): void {
  app.get(
    '/api/events',
    { exposeHeadRoute: false, schema: { summary: 'What changes, as it changes', produces: ['text/event-stream'] } },
    (request, reply) => {
      hub.checkRoom()
      reply.hijack()
      reply.raw.writeHead(200, {
        ...dataHeaders,
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        connection: 'close',
      })
      hub.join(reply.raw, request.caller?.kind === 'session' ? request.caller.id : null)
    },
  )
}
