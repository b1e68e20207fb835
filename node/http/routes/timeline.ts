import { Readable } from 'node:stream'
import { sendJsonBytes } from '../replies/send-json-bytes.ts'
import { BucketAnswer, SearchAnswer, TimelineAnswer } from '../schemas/answers.ts'
import { AssetsQuery, BucketParams, SearchQuery, ViewQuery } from '../schemas/requests.ts'
import { answers, goneSignal, type Door } from './door.ts'

/** Damaged assets that are listed at most. */
const DAMAGED_LIMIT = 1000

/** Looking at many assets: the timeline, its months, everything as lines, and search. */
export function addTimelineRoutes({ app, services }: Door): void {
  app.get(
    '/api/timeline',
    { schema: { summary: 'Months with their counts', querystring: ViewQuery, ...answers(TimelineAnswer) } },
    async (request, reply) => sendJsonBytes(reply, await services.timeline(request.query.view ?? 'all')),
  )
  app.get(
    '/api/timeline/:bucket',
    {
      schema: {
        summary: 'A month in columns',
        params: BucketParams,
        querystring: ViewQuery,
        ...answers(BucketAnswer),
      },
    },
    async (request, reply) =>
      sendJsonBytes(reply, await services.bucket(request.params.bucket, request.query.view ?? 'all')),
  )
  app.get(
    '/api/assets',
    {
      exposeHeadRoute: false,
      schema: {
        summary:
          'Every asset of a view, or with `state=damaged` the newest that cannot be shown: one JSON object a line',
        querystring: AssetsQuery,
        produces: ['application/x-ndjson'],
      },
    },
    async (request, reply) => {
      const { view = 'all', state } = request.query
      void reply.type('application/x-ndjson; charset=utf-8')
      if (state === 'damaged') {
        const records = await services.damaged(DAMAGED_LIMIT)
        return reply.send(records.map(record => `${JSON.stringify(record)}\n`).join(''))
      }
      const lines = services.assets(view, goneSignal(request.raw, reply.raw))
      return reply.send(Readable.from(lines, { objectMode: false }))
    },
  )
  app.get(
    '/api/search',
    { schema: { summary: 'Ranked assets', querystring: SearchQuery, ...answers(SearchAnswer) } },
    request => services.search(request.query.q, request.query.limit ?? 100),
  )
}
