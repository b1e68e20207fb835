import type { IncomingMessage } from 'node:http'
import type { HttpLimits } from '../options.ts'

/** Slower than this for a whole `uploadStallMs` is no upload. Bytes. */
const LEAST_PROGRESS = 1024

/** Whether a body follows the headers. */
export function hasBody(request: IncomingMessage): boolean {
  const { 'content-length': length, 'transfer-encoding': coding } = request.headers
  return coding !== undefined || (length !== undefined && length !== '0')
}

/**
 * Cuts off a body that never finishes. A small body has a deadline; an upload may take as long as it likes while it moves,
 * and standing still because we do not read it does not count against the sender.
 */
export function watchBody(request: IncomingMessage, upload: boolean, limits: HttpLimits): void {
  if (!hasBody(request)) return
  const socket = request.socket
  let seen = socket.bytesRead
  const timer = upload
    ? setInterval(() => {
        if (request.complete) return clearInterval(timer)
        const moved = socket.bytesRead - seen
        seen = socket.bytesRead
        if (moved < LEAST_PROGRESS && !request.isPaused()) socket.destroy()
      }, limits.uploadStallMs)
    : setTimeout(() => {
        if (!request.complete) socket.destroy()
      }, limits.bodyMs)
  timer.unref()
  request.once('close', () => clearTimeout(timer))
}
