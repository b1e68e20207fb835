import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { HttpLimits } from '../options.ts'
import type { Addresses } from './addresses.ts'
import { dataHeaders } from './answer-headers.ts'

/**
 * Looks at a request before anything else does, and answers it where it does not speak to us. True: let it in.
 * A name that is not ours is DNS rebinding, or someone reaching us through a proxy that nobody set up.
 */
export function passGate(
  request: IncomingMessage,
  response: ServerResponse,
  addresses: Addresses,
  limits: HttpLimits,
): boolean {
  const host = onlyHost(request)
  if (host === null || !addresses.isOurHost(host)) {
    refuse(
      response,
      421,
      'wrong-host',
      'This node does not answer under that name. Open it as http://127.0.0.1 with its port.',
    )
    return false
  }
  const url = request.url ?? ''
  if (!url.startsWith('/')) {
    refuse(response, 400, 'bad-request', 'The request names no path of this node.')
    return false
  }
  if (url.length > limits.urlBytes) {
    refuse(response, 414, 'address-too-long', `The address is longer than ${limits.urlBytes} bytes.`)
    return false
  }
  return true
}

/** The `Host` header, null where there is none or more than one: two readers might pick different ones. */
function onlyHost(request: IncomingMessage): string | null {
  const raw = request.rawHeaders
  let host: string | null = null
  for (let i = 0; i < raw.length; i += 2) {
    if (raw[i]?.length !== 4 || raw[i]?.toLowerCase() !== 'host') continue
    if (host !== null) return null
    host = raw[i + 1] ?? null
  }
  return host
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { ...dataHeaders, 'content-type': 'application/json', connection: 'close' })
  response.end(JSON.stringify({ code, message }))
}

/** Answers a connection whose bytes are no request: too many headers, too slow, or not HTTP. */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy()
    return
  }
  const [status, code, message] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? [431, 'headers-too-large', 'The headers of the request are too large.']
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? [408, 'too-slow', 'The request took too long to arrive.']
        : [400, 'bad-request', 'That is not a well-formed HTTP request.']
  const body = JSON.stringify({ code, message })
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, 'Content-Type: application/json']
  head.push(`Content-Length: ${body.length}`, 'X-Content-Type-Options: nosniff', 'Connection: close')
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}
