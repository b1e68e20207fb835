import { HomerollError } from '../../../shared/errors/index.ts'
import { tooManyAttempts } from '../doors/guard.ts'
import { sameSecret } from '../doors/secret.ts'
import { SESSION_SECONDS } from '../doors/sessions.ts'
import { LaunchAnswer, SessionAnswer } from '../schemas/answers.ts'
import { SessionBody } from '../schemas/requests.ts'
import { answers, type Door } from './door.ts'

/** Signing a browser in and out. The only open route of the API is here. */
export function addSessionRoutes(door: Door): void {
  const { app, sessions, launchTokens, attempts, hub } = door
  const cookie = (value: string, seconds: number) =>
    `${door.cookieName()}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}`

  app.post(
    '/api/session',
    {
      config: { open: true },
      schema: { summary: 'Exchanges a launch token for a session', body: SessionBody, ...answers(SessionAnswer) },
    },
    async (request, reply) => {
      const { token } = request.body
      if (attempts.exhausted()) throw tooManyAttempts()
      if (!launchTokens.redeem(token) && !sameSecret(token, door.apiToken)) {
        attempts.wrong()
        throw new HomerollError('wrong-token', 'This token is wrong, used or older than ten minutes. Start again.', {
          status: 401,
        })
      }
      const secret = await sessions.create()
      return reply.header('set-cookie', cookie(secret, SESSION_SECONDS)).send({ csrf: sessions.csrfOf(secret) })
    },
  )
  app.get('/api/session', { schema: answers(SessionAnswer) }, async (request, reply) => {
    const { secret } = ownSession(request.caller)
    return reply.header('set-cookie', cookie(secret, SESSION_SECONDS)).send({ csrf: sessions.csrfOf(secret) })
  })
  app.delete('/api/session', async (request, reply) => {
    const { id } = ownSession(request.caller)
    await sessions.end(id)
    hub.endSession(id)
    return reply.code(204).header('set-cookie', cookie('', 0)).send()
  })
  app.post(
    '/api/session/launch',
    {
      config: { bearerOnly: true },
      schema: { summary: 'An address that signs one browser in', ...answers(LaunchAnswer) },
    },
    async () => ({ url: door.launchUrl() }),
  )
}

function ownSession<T extends { kind: string }>(caller: T | null): Extract<T, { kind: 'session' }> {
  if (caller?.kind !== 'session') {
    throw new HomerollError('no-session', 'A script with the token has no session.', { status: 401 })
  }
  return caller as Extract<T, { kind: 'session' }>
}
