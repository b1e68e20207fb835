import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AssetId } from '../../../shared/ids/index.ts'
import type { Picture } from '../services.ts'
import { matchesTag } from './etag.ts'
import { isShown } from './shown-types.ts'

export const FOREVER = 'private, max-age=31536000, immutable'
/** May be kept, must be asked about. */
const ASK_AGAIN = 'private, no-cache'
/** Shown at once from the browser's store, looked at again behind its back once a day: a newer renderer may come. */
const FOR_NOW = 'private, max-age=86400, stale-while-revalidate=31536000'

/**
 * Sends a rendition. An address that names the version (`?v=1`) stands for the same bytes for ever; without it they are
 * good for a day. A file's own stand-in is never shown again without asking: what replaces it may be there.
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
  reply.header('etag', tag).header('cache-control', lifetime(version, askedVersion))
  if (matchesTag(request.headers['if-none-match'], tag)) return reply.code(304).send()
  reply.type(isShown(mime) ? mime : 'application/octet-stream').header('content-length', bytes.byteLength)
  if (request.method === 'HEAD') return reply.send()
  return reply.send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
}

function lifetime(version: number, askedVersion: number | undefined): string {
  if (version === 0 || (askedVersion !== undefined && askedVersion > version)) return ASK_AGAIN
  return askedVersion === undefined ? FOR_NOW : FOREVER
}
