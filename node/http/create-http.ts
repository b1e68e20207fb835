import type { AddressInfo } from 'node:net'
import fastifyStatic from '@fastify/static'
import swagger from '@fastify/swagger'
import { TypeBoxValidatorCompiler, type TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify from 'fastify'
import { HomerollError } from '../../shared/errors/index.ts'
import { createAddresses } from './doors/addresses.ts'
import { dataHeaders } from './doors/answer-headers.ts'
import { openApiToken } from './doors/api-token.ts'
import { createAttempts } from './doors/attempts.ts'
import { watchBody } from './doors/body-watch.ts'
import { answerBrokenRequest } from './doors/gate.ts'
import { createGuard } from './doors/guard.ts'
import { createLaunchTokens } from './doors/launch-tokens.ts'
import { openSessions } from './doors/sessions.ts'
import { createEventHub } from './events/event-hub.ts'
import { answerFault } from './fault.ts'
import { defaultLimits, type Http, type HttpOptions } from './options.ts'
import { addAssetRoutes } from './routes/assets.ts'
import type { App, Door } from './routes/door.ts'
import { addEventRoute } from './routes/events.ts'
import { addIntakeRoutes } from './routes/intake.ts'
import { addNodeRoutes } from './routes/node.ts'
import { addSessionRoutes } from './routes/session.ts'
import { addTimelineRoutes } from './routes/timeline.ts'
import { addUnknownHandler } from './routes/unknown.ts'
import { addUploadRoute } from './routes/upload.ts'
import { createGatedServer } from './server.ts'

/**
 * Opens the door and resolves once it listens. Rejects with `port-in-use` or `cannot-listen`.
 * Nothing of the API is answered to a caller without the token or a session, save the exchange of one for the other.
 */
export async function createHttp(options: HttpOptions): Promise<Http> {
  const { services, dataDir, appDir, host = '127.0.0.1', hostNames = [], now = Date.now } = options
  const limits = { ...defaultLimits, ...options.limits }
  const apiToken = await openApiToken(dataDir)
  const sessions = await openSessions(dataDir, now)
  const launchTokens = createLaunchTokens(now)
  const attempts = createAttempts(limits.wrongTokens, now)
  const hub = createEventHub(services, limits)
  const closing = new AbortController()
  // With port 0 the real one is known after listening; nobody can ask before.
  let port = options.port
  let addresses = createAddresses(port, host, hostNames)
  const cookieName = () => `homeroll-session-${port}`
  const guard = createGuard({ addresses: () => addresses, apiToken, sessions, attempts, cookieName })
  const url = () => `http://${urlHost(host)}:${port}/`
  const launchUrl = () => `${url()}#token=${launchTokens.issue()}`

  let windDown = () => undefined as void
  const app: App = Fastify({
    serverFactory: listener => {
      const gated = createGatedServer(listener, () => addresses, limits)
      windDown = () => gated.windDown()
      return gated.server
    },
    bodyLimit: limits.bodyBytes,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (fault, request, reply) => {
      reply.headers(dataHeaders)
      answerFault(fault, request, reply)
    },
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.setValidatorCompiler(TypeBoxValidatorCompiler)
  // Answers are typed by the code that makes them; their schemas only describe.
  app.setSerializerCompiler(() => data => JSON.stringify(data))
  // JSON or a form: a page of somebody else can send plain text without asking.
  app.removeContentTypeParser('text/plain')
  app.setErrorHandler(answerFault)
  app.decorateRequest('caller', null)
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(dataHeaders)
    watchBody(request.raw, request.routeOptions.config.upload === true, limits)
    guard.check(request)
    done()
  })

  const unknown = addUnknownHandler(app, guard, appDir)
  await app.register(fastifyStatic, { serve: false })
  await app.register(swagger, {
    openapi: {
      info: { title: 'Homeroll', version: options.version, description: 'The node on this machine.' },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    },
  })
  const door: Door = {
    app,
    services,
    limits,
    hub,
    sessions,
    launchTokens,
    attempts,
    apiToken,
    cookieName,
    launchUrl,
    closing: closing.signal,
  }
  addNodeRoutes(door)
  addTimelineRoutes(door)
  addAssetRoutes(door)
  await addUploadRoute(door)
  addIntakeRoutes(door)
  addSessionRoutes(door)
  addEventRoute(door)
  app.get('/api/openapi.json', { schema: { hide: true } }, () => app.swagger())

  await app.listen({ host, port }).catch(async (cause: NodeJS.ErrnoException) => {
    hub.close()
    await app.close()
    if (cause.code === 'EADDRINUSE') {
      throw new HomerollError('port-in-use', `Port ${port} is taken. Choose another with --port, or 0 for any.`, {
        cause,
      })
    }
    throw new HomerollError('cannot-listen', `Cannot listen on ${host}, port ${port}: ${cause.message}`, { cause })
  })
  port = (app.server.address() as AddressInfo).port
  addresses = createAddresses(port, host, hostNames)

  return {
    url: url(),
    apiUrl: `${url()}api`,
    port,
    launchUrl,
    routes: () => unknown.routes(),
    async close() {
      closing.abort(new HomerollError('closing', 'the node is closing', { status: 503 }))
      hub.close()
      windDown()
      const cutOff = setTimeout(() => app.server.closeAllConnections(), limits.closeMs)
      await app.close()
      clearTimeout(cutOff)
      await sessions.close()
    },
  }
}

/** What to write in an address for the place listened on: a browser cannot open `0.0.0.0`. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}
