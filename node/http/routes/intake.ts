import { FolderAnswer, ImportAnswer, ImportsAnswer, WatchAnswer, WatchesAnswer } from '../schemas/answers.ts'
import { FolderQuery, ImportBody, ImportParams, WatchBody, WatchQuery } from '../schemas/requests.ts'
import { answers, found, type Door } from './door.ts'

/** Folders of this machine: imports of them, watches on them, and looking around for one. */
export function addIntakeRoutes({ app, services }: Door): void {
  const { imports, watches } = services
  const what = 'import with this id'
  app.get('/api/imports', { schema: answers(ImportsAnswer) }, () => imports.list())
  app.post('/api/imports', { schema: { body: ImportBody, ...answers(ImportAnswer, 201) } }, async (request, reply) => {
    const { paths, inPlace = false } = request.body
    return reply.code(201).send(await imports.start(paths, { inPlace }))
  })
  const one = { schema: { params: ImportParams, ...answers(ImportAnswer) } }
  app.get('/api/imports/:id', one, async request => found(await imports.get(request.params.id), what))
  app.post('/api/imports/:id/stop', one, async request => found(await imports.stop(request.params.id), what))
  app.post('/api/imports/:id/resume', one, async request => found(await imports.resume(request.params.id), what))

  app.get('/api/watches', { schema: answers(WatchesAnswer) }, () => watches.list())
  app.post('/api/watches', { schema: { body: WatchBody, ...answers(WatchAnswer, 201) } }, async (request, reply) => {
    const { path, copy = false } = request.body
    return reply.code(201).send(await watches.add(path, { copy }))
  })
  app.delete('/api/watches', { schema: { querystring: WatchQuery } }, async (request, reply) => {
    found((await watches.remove(request.query.path)) || null, 'watch on this folder')
    return reply.code(204).send()
  })

  app.get('/api/folders', { schema: { querystring: FolderQuery, ...answers(FolderAnswer) } }, request =>
    services.folder(request.query.path ?? null),
  )
}
