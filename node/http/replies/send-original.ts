import { pipeline } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { HomerollError } from '../../../shared/errors/index.ts'
import type { OriginalBytes } from '../services.ts'
import { parseRange } from './byte-range.ts'
import { contentDisposition } from './disposition.ts'
import { matchesTag } from './etag.ts'
import { exactly } from './exactly.ts'
import { FOREVER } from './send-picture.ts'
import { isShown } from './shown-types.ts'

/** A picture or video opened by itself shows itself; nothing inside it may load or run anything. */
const shownPolicy =
  "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
const savedPolicy = "sandbox; default-src 'none'"

/** Sends an original or a part of it. Its address is its content's hash, so it may be kept for ever. */
export async function sendOriginal(
  request: FastifyRequest,
  reply: FastifyReply,
  original: OriginalBytes,
  download: boolean,
): Promise<FastifyReply> {
  const tag = `"${original.sha256}"`
  const inline = isShown(original.mime) && !download
  reply.headers({
    etag: tag,
    'cache-control': FOREVER,
    'accept-ranges': 'bytes',
    'content-security-policy': inline ? shownPolicy : savedPolicy,
    'content-disposition': contentDisposition(inline ? 'inline' : 'attachment', original.fileName),
  })
  if (matchesTag(request.headers['if-none-match'], tag)) return reply.code(304).send()
  reply.type(isShown(original.mime) ? original.mime : 'application/octet-stream')

  const { range: rangeHeader, 'if-range': ifRange } = request.headers
  const range = ifRange === undefined || ifRange === tag ? parseRange(rangeHeader, original.bytes) : 'whole'
  if (range === 'unsatisfiable') {
    reply.header('content-range', `bytes */${original.bytes}`)
    throw new HomerollError('bad-range', `Ask for one range within ${original.bytes} bytes.`, { status: 416 })
  }
  const length = range === 'whole' ? original.bytes : range.end - range.start + 1
  reply.header('content-length', length)
  if (range !== 'whole') {
    reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${original.bytes}`)
  }
  if (request.method === 'HEAD') return reply.send()
  const stream = await original.open(range === 'whole' ? undefined : range)
  const checked = pipeline(stream, exactly(length), () => {
    // Either side's failure has destroyed the other; the connection breaks, which tells the caller.
  })
  return reply.send(checked)
}
