import { HomerollError } from '../../shared/errors/index.ts'
import type { ApiError } from '../../shared/schema/index.ts'

/** Asks a running node over its own HTTP interface, as every other script would. */
export interface ApiClient {
  get<T>(path: string): Promise<T>
  send<T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<T>
  /** Lines of newline-delimited JSON, as they are. */
  lines(path: string): AsyncGenerator<string>
}

export function createApiClient(apiUrl: string, token: string): ApiClient {
  async function ask(method: string, path: string, body?: unknown): Promise<Response> {
    let response: Response
    try {
      response = await fetch(apiUrl + path, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
    } catch (cause) {
      throw new HomerollError('node-unreachable', `the node at ${apiUrl} does not answer`, { cause })
    }
    if (response.ok) return response
    const error = (await response.json().catch(() => null)) as Partial<ApiError> | null
    const message = error?.message ?? `the node answered ${response.status}`
    throw new HomerollError(error?.code ?? 'unexpected', message, { status: response.status })
  }
  return {
    get: async path => (await ask('GET', path)).json() as never,
    send: async (method, path, body) => {
      const response = await ask(method, path, body)
      const text = await response.text()
      return (text === '' ? undefined : JSON.parse(text)) as never
    },
    async *lines(path) {
      const { body } = await ask('GET', path)
      if (!body) return
      let rest = ''
      for await (const text of body.pipeThrough(new TextDecoderStream())) {
        const lines = (rest + text).split('\n')
        rest = lines.pop() ?? ''
        yield* lines
      }
      if (rest !== '') yield rest
    },
  }
}
