import type { FastifyReply, FastifyRequest } from 'fastify'
import { HomerollError } from '../../../shared/errors/index.ts'
import type { Guard } from '../doors/guard.ts'
import { sendPage } from '../page/send-page.ts'
import type { App } from './door.ts'

/**
 * Answers whatever no route does: 405 for another method's path, 404 inside the API, and the app's page elsewhere. Inside
 * the API a stranger hears 401 first, so that nothing can be learnt about it.
 */
export function addUnknownHandler(app: App, guard: Guard, appDir: string): { routes(): string[] } {
  const known: { method: string; url: string; pattern: RegExp }[] = []
  app.addHook('onRoute', ({ method, url }) => {
    const pattern = new RegExp(`^${url.replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+')}$`)
    for (const one of [method].flat()) known.push({ method: one, url, pattern })
  })

  app.setNotFoundHandler(async (request: FastifyRequest, reply: FastifyReply) => {
    const path = decodedPath(request.url)
    const reads = request.method === 'GET' || request.method === 'HEAD'
    if (!/^\/+api(\/|$)/i.test(path)) {
      if (!reads) throw wrongMethod(reply, ['GET', 'HEAD'])
      return sendPage(reply, appDir, path)
    }
    guard.identify(request)
    const methods = known.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method)
    if (methods.length > 0) throw wrongMethod(reply, methods)
    throw new HomerollError('not-found', 'There is nothing under this address.', { status: 404 })
  })
  return { routes: () => known.map(({ method, url }) => `${method} ${url}`) }
}

function wrongMethod(reply: FastifyReply, methods: string[]): HomerollError {
  const allowed = methods.join(', ')
  reply.header('allow', allowed)
  return new HomerollError('wrong-method', `This address only answers ${allowed}.`, { status: 405 })
}

function decodedPath(url: string): string {
  try {
    return decodeURIComponent(url.split('?', 1)[0] ?? '/')
  } catch {
    throw new HomerollError('bad-request', 'The address is not well encoded.', { status: 400 })
  }
}
