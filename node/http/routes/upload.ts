import { Transform, Writable, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import multipart from '@fastify/multipart'
import { HomerollError } from '../../../shared/errors/index.ts'
import { UploadAnswer } from '../schemas/answers.ts'
import type { IntakeOutcome } from '../services.ts'
import { answers, type Door } from './door.ts'

/** Around the original: boundaries, headers of parts, small fields. Bytes. */
const ENVELOPE_BYTES = 64 * 1024
/** How much of a refused upload is still read, so that the sender hears why. Bytes. */
const DRAIN_BYTES = 64 * 1024 ** 2

/** Taking one original in, streamed: nothing of it is held here. */
export async function addUploadRoute({ app, services, limits }: Door): Promise<void> {
  await app.register(multipart)
  let running = 0

  app.post(
    '/api/assets',
    {
      config: { upload: true },
      schema: {
        summary: 'Takes one original in',
        description: 'Multipart: `modified` (ISO 8601 or milliseconds since 1970; optional), then `file`.',
        consumes: ['multipart/form-data'],
        response: { ...answers(UploadAnswer, 201).response, 200: UploadAnswer },
      },
    },
    async (request, reply) => {
      if (!request.isMultipart()) {
        throw new HomerollError('unsupported-media-type', 'Send multipart/form-data with a `file`.', { status: 415 })
      }
      if (Number(request.headers['content-length'] ?? 0) > limits.uploadBytes + ENVELOPE_BYTES) throw new TooLarge()
      if (running >= limits.uploads) {
        throw new HomerollError('too-many-uploads', `${limits.uploads} uploads are under way. Try again soon.`, {
          status: 503,
        })
      }
      running++
      const cutOff = new AbortController()
      request.raw.once('close', () => {
        if (!request.raw.complete) cutOff.abort(new HomerollError('upload-cut-off', 'the upload stopped half way'))
      })
      try {
        let fileTime: Date | null = null
        let outcome: IntakeOutcome | null = null
        // The length of the original is bounded below: this parser would end a long one as if it were complete.
        const parts = request.parts({ limits: { fileSize: Infinity, files: 1, fields: 8, fieldSize: 1024, parts: 9 } })
        for (;;) {
          const next = await parts.next().catch(asBadForm)
          if (next.done) break
          const part = next.value
          if (part.type === 'field') {
            if (part.fieldname === 'modified') fileTime = readTime(part.value)
            continue
          }
          if (part.fieldname !== 'file') {
            part.file.resume()
            continue
          }
          outcome = await take(part.file, part.filename, fileTime, cutOff.signal)
        }
        if (!outcome) throw new HomerollError('no-file', 'The form has no `file`.', { status: 400 })
        if (outcome.status === 'refused') {
          const status = outcome.code.startsWith('unsupported') ? 415 : 422
          throw new HomerollError(outcome.code, outcome.message, { status })
        }
        return await reply.code(outcome.status === 'new' ? 201 : 200).send({ id: outcome.id, status: outcome.status })
      } finally {
        running--
      }
    },
  )

  async function take(file: Readable, fileName: string, fileTime: Date | null, signal: AbortSignal) {
    const bounded = boundedTo(limits.uploadBytes)
    // Whichever fails first tells whether the sender or the intake is to blame: the failure of one becomes the other's.
    let senderFault: unknown = null
    file.once('error', fault => (bounded.errored ? undefined : (senderFault = fault)))
    const arriving = pipeline(file, bounded)
    // Its failure reaches the intake through the stream; here it must only not go unheard.
    arriving.catch(() => undefined)
    try {
      return await services.intake(bounded, fileName || 'original', fileTime, signal)
    } catch (thrown) {
      if (bounded.errored instanceof TooLarge) throw bounded.errored
      if (signal.aborted) throw signal.reason
      if (senderFault !== null) asBadForm(senderFault)
      throw thrown
    } finally {
      await drain(bounded)
    }
  }
}

/** Reads what an intake that made up its mind early left over, up to a bound; then breaks off. */
async function drain(stream: Readable): Promise<void> {
  if (stream.readableEnded || stream.destroyed) return
  let read = 0
  const nowhere = new Writable({
    write(chunk: Buffer, _, done) {
      read += chunk.length
      done(read > DRAIN_BYTES ? new TooLarge() : null)
    },
  })
  await pipeline(stream, nowhere).catch(() => undefined)
}

function boundedTo(bytes: number): Transform {
  let passed = 0
  return new Transform({
    transform(chunk: Buffer, _, done) {
      passed += chunk.length
      if (passed > bytes) done(new TooLarge())
      else done(null, chunk)
    },
  })
}

class TooLarge extends HomerollError {
  constructor() {
    super('too-large', 'The upload is larger than this node takes.', { status: 413 })
  }
}

/** The parser's faults are the sender's: those with a status say enough, the others become `bad-form`. */
function asBadForm(fault: unknown): never {
  if (typeof (fault as { statusCode?: unknown }).statusCode === 'number') throw fault
  throw new HomerollError('bad-form', 'The form is broken or ends too early.', { status: 400, cause: fault })
}

/** A file's time as the sender wrote it; a clock that is far off tells nothing. */
function readTime(value: unknown): Date | null {
  const text = String(value)
  const time = new Date(/^-?\d{1,15}(\.\d+)?$/.test(text) ? Number(text) : text)
  if (Number.isNaN(time.getTime())) {
    throw new HomerollError('bad-request', '`modified` is neither ISO 8601 nor milliseconds since 1970.', {
      status: 400,
    })
  }
  const year = time.getUTCFullYear()
  return year >= 1900 && year < 2200 ? time : null
}
