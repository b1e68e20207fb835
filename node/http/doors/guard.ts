import type { FastifyRequest } from 'fastify'
import { HomerollError } from '../../../shared/errors/index.ts'
import type { Addresses } from './addresses.ts'
import type { Attempts } from './attempts.ts'
import { sameSecret } from './secret.ts'
import type { Sessions } from './sessions.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Anyone on this machine may ask; only for the way to sign in. */
    open?: boolean
    /** Only a script that holds the token may ask, no browser. */
    bearerOnly?: boolean
    /** The body is an original: streamed, large, allowed to take its time. */
    upload?: boolean
  }
  interface FastifyRequest {
    /** Who asks; null on an open route. */
    caller: Caller | null
  }
}

type Caller = { kind: 'bearer' } | { kind: 'session'; id: string; secret: string }

const SAFE = new Set(['GET', 'HEAD'])
const CSRF_HEADER = 'x-homeroll-csrf'

export interface Guard {
  /** Throws where a request may not go on; everything but an open route needs a caller. */
  check(request: FastifyRequest): void
  /** Throws 401 where nobody known asks, 403 where somebody else's page does. */
  identify(request: FastifyRequest): Caller
}

export function createGuard(parts: {
  addresses: () => Addresses
  apiToken: string
  sessions: Sessions
  attempts: Attempts
  cookieName: () => string
}): Guard {
  const { apiToken, sessions, attempts } = parts

  function identify(request: FastifyRequest): Caller {
    const { authorization } = request.headers
    if (authorization !== undefined) return bearer(authorization)
    const secret = cookieOf(request.headers.cookie, parts.cookieName())
    const id = secret === null ? null : sessions.find(secret)
    if (secret === null || id === null) throw new HomerollError('not-signed-in', 'Sign in first.', { status: 401 })
    checkOwnPage(request, secret)
    return { kind: 'session', id, secret }
  }

  function bearer(authorization: string): Caller {
    const token = /^Bearer ([\w-]{1,256})$/i.exec(authorization)?.[1]
    if (token !== undefined && sameSecret(token, apiToken)) return { kind: 'bearer' }
    const status = attempts.exhausted() ? 429 : 401
    attempts.wrong()
    throw status === 401
      ? new HomerollError('wrong-token', 'That token is not the one in the api-token file.', { status })
      : tooManyAttempts()
  }

  /** A cookie comes along by itself, so the browser must also say that our own page asks. */
  function checkOwnPage(request: FastifyRequest, secret: string): void {
    const { origin, 'sec-fetch-site': site } = request.headers
    if (SAFE.has(request.method)) {
      if (site !== undefined && site !== 'same-origin' && site !== 'none') throw foreign()
      return
    }
    // A foreign `Origin` was refused before; one that is there is ours.
    if (site === undefined ? origin === undefined : site !== 'same-origin') throw foreign()
    const csrf = request.headers[CSRF_HEADER]
    if (typeof csrf !== 'string' || !sameSecret(csrf, sessions.csrfOf(secret))) {
      throw new HomerollError('csrf', `The ${CSRF_HEADER} header is missing or wrong. Ask GET /api/session for it.`, {
        status: 403,
      })
    }
  }

  return {
    identify,
    check(request) {
      const { origin, 'sec-fetch-site': site } = request.headers
      if (origin !== undefined && !parts.addresses().isOurOrigin(origin)) throw foreign()
      // Unknown addresses are answered elsewhere, which asks `identify` itself.
      if (request.is404) return
      const { config } = request.routeOptions
      if (config.open) {
        if (site !== undefined && site !== 'same-origin' && site !== 'none') throw foreign()
        return
      }
      request.caller = identify(request)
      if (config.bearerOnly && request.caller.kind !== 'bearer') {
        throw new HomerollError('token-needed', 'Only a script with the token may ask this.', { status: 403 })
      }
    },
  }
}

export function tooManyAttempts(): HomerollError {
  return new HomerollError('too-many-attempts', 'Too many wrong tokens. Wait a minute.', { status: 429 })
}

function foreign(): HomerollError {
  return new HomerollError('foreign-origin', 'Another page may not ask this node for anything.', { status: 403 })
}

function cookieOf(header: string | undefined, name: string): string | null {
  for (const pair of header?.split(';') ?? []) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim()
  }
  return null
}
