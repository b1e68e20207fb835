/** The names under which this node may be spoken to. Anything else is a web page that points its own name at us. */
export interface Addresses {
  /** Whether a `Host` header names us, port included. */
  isOurHost(host: string): boolean
  /** Whether an `Origin` header is our own page. */
  isOurOrigin(origin: string): boolean
}

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]']
const ANY = new Set(['0.0.0.0', '::', '[::]'])

/** `host` is the address listened on, `names` what the family calls it. */
export function createAddresses(port: number, host: string, names: string[]): Addresses {
  const literal = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
  const all = [...LOOPBACK, ...(ANY.has(host) ? [] : [literal]), ...names].map(name => name.toLowerCase())
  // A browser leaves the usual port out.
  const hosts = new Set(all.flatMap(name => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`])))
  const origins = new Set([...hosts].map(name => `http://${name}`))
  return {
    isOurHost: header => hosts.has(header.toLowerCase()),
    isOurOrigin: header => origins.has(header.toLowerCase()),
  }
}
