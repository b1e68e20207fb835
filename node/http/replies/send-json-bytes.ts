import type { FastifyReply } from 'fastify'

/** Sends JSON that a worker has already written. */
export function sendJsonBytes(reply: FastifyReply, json: Uint8Array): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(Buffer.from(json.buffer, json.byteOffset, json.byteLength))
}
