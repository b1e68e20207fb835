import { type FastifyReply, type FastifyRequest } from 'fastify'
import { type AssetId } from '../../../shared/ids/index.ts'
import { type Picture } from '../services.ts'
import { matchesTag } from './etag.ts'
import { isShown } from './shown-types.ts'

export const FOREVER = 'private, max-age=31536000, immutable'
/** May be kept, must be asked about. */
export const ASK_AGAIN = 'private, no-cache'

/**
 * Sends a rendition. An address that names the version (`?v=1`) stands for the same bytes for ever; without it, and for a
 * file's own stand-in, a browser asks again and hears 304 while nothing changed.
 */
export function sendPicture(
  request: FastifyRequest,
  reply: FastifyReply,
  id: AssetId,
  picture: Picture,
  askedVersion: number | undefined,
): FastifyReply {
  const { bytes, mime, version } = picture
  // The length tells one stand-in from another: those are not numbered.
  const tag = `"${id}-${version}-${bytes.byteLength}"`
  const lasting = version > 0 && askedVersion !== undefined && askedVersion <= version
  reply.header('etag', tag).header('cache-control', lasting ? FOREVER : ASK_AGAIN)
  if (matchesTag(request.headers['if-none-match'], tag)) return reply.code(304).send()
  reply.type(isShown(mime) ? mime : 'application/octet-stream').header('content-length', bytes.byteLength)
  if (request.method === 'HEAD') return reply.send()
  return reply.send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
}
