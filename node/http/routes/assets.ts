import { HomerollError } from '../../../shared/errors/index.ts'
import { sendOriginal } from '../replies/send-original.ts'
import { sendPicture } from '../replies/send-picture.ts'
import { AssetAnswer, ChangeAnswer } from '../schemas/answers.ts'
import { AssetChangeBody, IdParams, OriginalQuery, PictureQuery } from '../schemas/requests.ts'
import type { Picture } from '../services.ts'
import { answers, found, type Door } from './door.ts'

// Named one by one: the ready-made HEAD route would read a whole original to throw it away.
const method = ['GET', 'HEAD']

/** One asset: what is known of it, and its pictures. */
export function addAssetRoutes({ app, services }: Door): void {
  app.get('/api/assets/:id', { schema: { params: IdParams, ...answers(AssetAnswer) } }, async request =>
    found(await services.asset(request.params.id), 'asset with this id'),
  )
  app.patch(
    '/api/assets',
    { schema: { summary: 'Changes many at once', body: AssetChangeBody, ...answers(ChangeAnswer) } },
    request => services.change(request.body),
  )

  const pictureSchema = { params: IdParams, querystring: PictureQuery }
  app.route({
    method,
    url: '/api/assets/:id/thumbnail',
    schema: pictureSchema,
    handler: (request, reply) => {
      const { id } = request.params
      sendPicture(request, reply, id, rendered(services.thumbnail(id)), request.query.v)
    },
  })
  app.route({
    method,
    url: '/api/assets/:id/preview',
    schema: pictureSchema,
    handler: async (request, reply) => {
      const { id } = request.params
      return sendPicture(request, reply, id, rendered(await services.preview(id)), request.query.v)
    },
  })

  for (const part of ['original', 'motion'] as const) {
    app.route({
      method,
      url: `/api/assets/:id/${part}`,
      schema: { params: IdParams, querystring: OriginalQuery },
      handler: async (request, reply) => {
        const original = found(await services[part](request.params.id), `${part} of this asset on this device`)
        return sendOriginal(request, reply, original, request.query.download === '1')
      },
    })
  }
}

function rendered(picture: Picture | null): Picture {
  if (!picture) {
    throw new HomerollError('not-rendered-yet', 'This picture is not rendered yet. Ask again when it is ready.', {
      status: 404,
    })
  }
  return picture
}
