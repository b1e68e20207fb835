import {
  DevicesAnswer,
  ExportAnswer,
  IdleAnswer,
  JobsAnswer,
  RebuildAnswer,
  StatusAnswer,
  VerifyAnswer,
} from '../schemas/answers.ts'
import { ExportBody, IdleQuery, SetupBody, VerifyBody } from '../schemas/requests.ts'
import { answers, goneSignal, type Door } from './door.ts'

/** The node as a whole: how it is, setting it up, and its long errands, which end when the caller goes away. */
export function addNodeRoutes({ app, services, closing }: Door): void {
  app.get('/api/status', { schema: answers(StatusAnswer) }, () => services.status())
  app.get('/api/devices', { schema: answers(DevicesAnswer) }, () => services.devices())
  app.get('/api/jobs', { schema: answers(JobsAnswer) }, () => services.jobs())
  app.post('/api/setup', { schema: { body: SetupBody, ...answers(StatusAnswer) } }, request =>
    services.setUp(request.body),
  )
  app.get(
    '/api/idle',
    {
      exposeHeadRoute: false,
      schema: { summary: 'Waits until nothing is left to do', querystring: IdleQuery, ...answers(IdleAnswer) },
    },
    async (request, reply) => {
      const signal = AbortSignal.any([closing, goneSignal(request.raw, reply.raw)])
      return { idle: await services.idle(request.query.timeout ?? 300, signal) }
    },
  )
  app.post(
    '/api/verify',
    { schema: { summary: 'Hashes again what is held', body: VerifyBody, ...answers(VerifyAnswer) } },
    (request, reply) => {
      const signal = AbortSignal.any([closing, goneSignal(request.raw, reply.raw)])
      return services.verify({ repair: request.body.repair ?? false }, signal)
    },
  )
  app.post('/api/export', { schema: { body: ExportBody, ...answers(ExportAnswer) } }, (request, reply) =>
    services.exportTo(request.body.path, AbortSignal.any([closing, goneSignal(request.raw, reply.raw)])),
  )
  app.post('/api/index/rebuild', { schema: answers(RebuildAnswer) }, () => services.rebuildIndex())
}
