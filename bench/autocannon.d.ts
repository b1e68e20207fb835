// What the bench uses of autocannon, which ships no types.
declare module 'autocannon' {
  interface Options {
    url: string
    connections: number
    duration: number
    headers?: Record<string, string>
    requests: { path: string }[]
  }
  interface Result {
    duration: number
    errors: number
    timeouts: number
    non2xx: number
    /** Bytes received, heads included. */
    throughput: { total: number }
  }
  interface Running {
    on(
      event: 'response',
      listener: (client: unknown, status: number, bytes: number, milliseconds: number) => void,
    ): void
    on(event: 'done', listener: (result: Result) => void): void
  }
  export default function autocannon(options: Options, done: (error: Error | null) => void): Running
}
