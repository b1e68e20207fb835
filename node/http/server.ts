import { createServer, type RequestListener, type Server } from 'node:http'
import { type Addresses } from './doors/addresses.ts'
import { passGate } from './doors/gate.ts'
import { type HttpLimits } from './options.ts'

/** The bare server: bounds on headers, connections and slowness, and the gate in front of `listener`. */
export function createGatedServer(listener: RequestListener, addresses: () => Addresses, limits: HttpLimits): Server {
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
      if (passGate(request, response, addresses(), limits)) listener(request, response)
    },
  )
  server.maxConnections = limits.connections
  return server
}
