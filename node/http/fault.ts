import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { HomerollError } from '../../shared/errors/index.ts'
import type { ApiError } from '../../shared/schema/index.ts'
import { hasBody } from './doors/body-watch.ts'

const frameworkCodes: Record<string, string> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'bad-json',
  FST_ERR_CTP_INVALID_JSON_BODY: 'bad-json',
  FST_ERR_MAX_PARAM_LENGTH: 'address-too-long',
  FST_ERR_BAD_URL: 'bad-request',
}

/** What the caller hears of a fault: ours word for word, of anything unexpected nothing. */
function describeFault(fault: unknown): ApiError & { status: number } {
  if (fault instanceof HomerollError) return { status: fault.status, code: fault.code, message: fault.message }
  const { code, message, statusCode, validation } = (fault ?? {}) as Partial<FastifyError>
  if (validation) return { status: 400, code: 'bad-request', message: `The request is not as described: ${message}.` }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return { status: statusCode, code: frameworkCodes[code ?? ''] ?? 'bad-request', message: message ?? 'Bad request.' }
  }
  return { status: 500, code: 'unexpected', message: 'Something went wrong inside the node. Its log says more.' }
}

/** To standard error: what the caller must not see, somebody has to. */
function logFault(fault: unknown, request: FastifyRequest): void {
  const path = request.url.split('?', 1)[0]
  const detail = fault instanceof Error ? (fault.stack ?? fault.message) : String(fault)
  process.emitWarning(`${request.method} ${path} failed`, { type: 'HttpFault', detail })
}

/** Answers `{code, message}` with the right status, never a stack. */
export function answerFault(fault: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const { status, code, message } = describeFault(fault)
  if (code === 'unexpected') logFault(fault, request)
  // The rest of a body that nobody wants is not read.
  if (hasBody(request.raw) && !request.raw.complete) reply.header('connection', 'close')
  reply.code(status).header('cache-control', 'no-store').type('application/json').send({ code, message })
}
