import { createServer, type RequestListener, type Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Addresses } from './doors/addresses.ts'
import { passGate } from './doors/gate.ts'
import type { HttpLimits } from './options.ts'

interface GatedServer {
  server: Server
  /** Ends connections that carry no request, now and as soon as those that carry one have answered it. */
  windDown(): void
}

/** The bare server: bounds on headers, connections and slowness, and the gate in front of `listener`. */
export function createGatedServer(
  listener: RequestListener,
  addresses: () => Addresses,
  limits: HttpLimits,
): GatedServer {
  // Node's own count of idle connections leaves out those that a browser opened in advance and never used.
  const sockets = new Set<Socket>()
  const busy = new Set<Socket>()
  let windingDown = false
  const server = createServer(
    {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersMs,
      // An upload may take hours; bodies are watched one by one instead.
      requestTimeout: 0,
      connectionsCheckingInterval: Math.min(limits.headersMs, 5_000),
      keepAliveTimeout: 30_000,
      insecureHTTPParser: false,
      noDelay: true,
    },
    (request, response) => {
      const { socket } = request
      busy.add(socket)
      response.once('close', () => {
        busy.delete(socket)
        if (windingDown) socket.destroySoon()
      })
      if (passGate(request, response, addresses(), limits)) listener(request, response)
    },
  )
  server.maxConnections = limits.connections
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return {
    server,
    windDown() {
      windingDown = true
      for (const socket of sockets) if (!busy.has(socket)) socket.destroySoon()
    },
  }
}
