import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type Type from 'typebox'
import { HomerollError } from '../../../shared/errors/index.ts'
import type { LaunchTokens } from '../doors/launch-tokens.ts'
import type { Attempts } from '../doors/attempts.ts'
import type { Sessions } from '../doors/sessions.ts'
import type { EventHub } from '../events/event-hub.ts'
import type { HttpLimits } from '../options.ts'
import { ApiErrorAnswer } from '../schemas/answers.ts'
import type { NodeServices } from '../services.ts'

export type App = FastifyInstance<Server, IncomingMessage, ServerResponse, FastifyBaseLogger, TypeBoxTypeProvider>

/** What every group of routes is made from. */
export interface Door {
  app: App
  services: NodeServices
  limits: HttpLimits
  hub: EventHub
  sessions: Sessions
  launchTokens: LaunchTokens
  attempts: Attempts
  apiToken: string
  cookieName(): string
  launchUrl(): string
  /** Aborted when the node closes. */
  closing: AbortSignal
}

/** Describes an answer for the description of the interface; faults are the same everywhere. */
export function answers<T extends Type.TSchema>(schema: T, status = 200) {
  return { response: { [status]: schema, default: ApiErrorAnswer } }
}

/** What a route found, or 404 naming what is missing. */
export function found<T>(value: T | null, what: string): T {
  if (value === null) throw new HomerollError('not-found', `There is no ${what}.`, { status: 404 })
  return value
}

/** Aborted when the caller goes away before the answer is complete. */
export function goneSignal(request: IncomingMessage, response: ServerResponse): AbortSignal {
  const gone = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished)
      gone.abort(new HomerollError('caller-gone', `the caller of ${request.url} has gone`))
  })
  return gone.signal
}
