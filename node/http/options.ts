import type { NodeServices } from './services.ts'

/** Bounds on what a caller may ask. Sizes in bytes, times in milliseconds. */
export interface HttpLimits {
  /** One uploaded original. */
  uploadBytes: number
  /** Uploads under way at once. */
  uploads: number
  /** A JSON body. */
  bodyBytes: number
  headerBytes: number
  urlBytes: number
  connections: number
  /** Until a request's headers are complete. */
  headersMs: number
  /** Until a JSON body is complete. */
  bodyMs: number
  /** An upload that sends less than a kibibyte in this time, while we are willing to read, is cut off. */
  uploadStallMs: number
  eventClients: number
  /** Bytes waiting for one slow listener of events before events are dropped for it. */
  eventBacklogBytes: number
  heartbeatMs: number
  /** Wrong tokens a minute before every further one is answered 429. */
  wrongTokens: number
  /** How long closing waits for requests under way. */
  closeMs: number
}

export const defaultLimits: HttpLimits = {
  uploadBytes: 50 * 1024 ** 3,
  uploads: 32,
  bodyBytes: 1024 ** 2,
  headerBytes: 16 * 1024,
  urlBytes: 8 * 1024,
  connections: 512,
  headersMs: 15_000,
  bodyMs: 30_000,
  uploadStallMs: 60_000,
  eventClients: 64,
  eventBacklogBytes: 256 * 1024,
  heartbeatMs: 15_000,
  wrongTokens: 10,
  closeMs: 3_000,
}

export interface HttpOptions {
  services: NodeServices
  /** Holds `api-token` and `sessions.json`. Must exist. */
  dataDir: string
  /** The app's built files; may be missing, then the page says how to build it. */
  appDir: string
  /** Address to listen on. Default 127.0.0.1: this machine alone. */
  host?: string
  /** 0: any free one. */
  port: number
  /** Names besides this machine's own under which a browser may come, without port (`photos.home`). */
  hostNames?: string[]
  /** Of Homeroll, for the description of the interface. */
  version: string
  limits?: Partial<HttpLimits>
  /** Wall clock in milliseconds. */
  now?: () => number
}

/** The node's door for app and scripts, open. */
export interface Http {
  /** `http://127.0.0.1:4114/` */
  url: string
  /** `http://127.0.0.1:4114/api` */
  apiUrl: string
  port: number
  /** The page's address with a fresh one-time token in its fragment, good for ten minutes. */
  launchUrl(): string
  /** Every route as `METHOD /path/:parameter`. */
  routes(): string[]
  /** Ends event streams, lets requests under way finish for a few seconds, then cuts them off. */
  close(): Promise<void>
}
