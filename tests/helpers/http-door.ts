import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { request, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { createHttp, type Http, type HttpOptions } from '../../node/http/index.ts'
import { createFakeServices, type FakeServices } from './fake-services.ts'

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  /** A header as text, empty where it is missing. */
  header: (name: string) => string
  body: Buffer
  text: string
  /** The body as JSON; throws where it is none. */
  json(): unknown
}

export interface Asked {
  method?: string
  headers?: Record<string, string>
  body?: string | Uint8Array
}

/** A real listening server in front of a node in memory. Closed and removed when the test ends. */
export interface TestDoor {
  http: Http
  services: FakeServices
  dataDir: string
  token: string
  cookieName: string
  /** Exactly what is given, no credentials added. */
  ask(path: string, asked?: Asked): Promise<Answer>
  /** With the bearer token; an object as `json` becomes the body. */
  api(path: string, asked?: Asked & { json?: unknown }): Promise<Answer>
  /** Signs a browser in: headers that its own page would send with a change. */
  signIn(): Promise<{ cookie: string; 'x-homeroll-csrf': string; origin: string; 'sec-fetch-site': string }>
  /** Sends bytes as they are; resolves with all that came back once the other side closed. */
  raw(text: string): Promise<string>
}

export async function openDoor(t: TestContext, options: Partial<HttpOptions> = {}): Promise<TestDoor> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'homeroll-http-')))
  const services = createFakeServices()
  const http = await createHttp({
    services,
    dataDir,
    appDir: join(dataDir, 'app'),
    port: 0,
    version: '0.0.0',
    ...options,
  })
  t.after(async () => {
    await http.close()
    await rm(dataDir, { recursive: true, force: true })
  })
  const token = (await readFile(join(dataDir, 'api-token'), 'utf8')).trim()
  const ask = (path: string, { method = 'GET', headers = {}, body }: Asked = {}) =>
    new Promise<Answer>((resolve, reject) => {
      // `path` goes out as it is: no normalising of `..` or doubled slashes.
      const sent = request({ host: '127.0.0.1', port: http.port, path, method, headers, agent: false }, response => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const whole = Buffer.concat(chunks)
          const { statusCode = 0, headers } = response
          const text = whole.toString()
          const header = (name: string) => String(headers[name] ?? '')
          resolve({ status: statusCode, headers, header, body: whole, text, json: () => JSON.parse(text) as unknown })
        })
      })
      sent.on('error', reject)
      sent.end(body)
    })
  const cookieName = `homeroll-session-${http.port}`
  const origin = http.url.slice(0, -1)
  return {
    http,
    services,
    dataDir,
    token,
    cookieName,
    ask,
    api: (path, { json, headers, ...asked } = {}) =>
      ask(path, {
        ...asked,
        headers: {
          authorization: `Bearer ${token}`,
          ...(json === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      }),
    async signIn() {
      const launch = new URL(http.launchUrl()).hash.replace('#token=', '')
      const answer = await ask('/api/session', {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin },
        body: JSON.stringify({ token: launch }),
      })
      const cookie = answer.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
      const { csrf } = answer.json() as { csrf: string }
      return { cookie, 'x-homeroll-csrf': csrf, origin, 'sec-fetch-site': 'same-origin' }
    },
    raw: text =>
      new Promise((resolve, reject) => {
        const socket = connect(http.port, '127.0.0.1', () => socket.write(text))
        let heard = ''
        socket.on('data', chunk => (heard += chunk.toString()))
        socket.on('close', () => resolve(heard))
        socket.on('error', (error: NodeJS.ErrnoException) => {
          if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error)
        })
      }),
  }
}

/** A multipart body by hand, so that it can also be wrong. */
export function multipart(parts: { name: string; fileName?: string; content: string | Uint8Array }[], end = true) {
  const boundary = 'homeroll-test-boundary'
  const chunks = parts.flatMap(({ name, fileName, content }) => [
    Buffer.from(
      `--${boundary}\r\ncontent-disposition: form-data; name="${name}"${fileName === undefined ? '' : `; filename="${fileName}"\r\ncontent-type: application/octet-stream`}\r\n\r\n`,
    ),
    Buffer.from(content as string),
    Buffer.from('\r\n'),
  ])
  const body = end
    ? Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)])
    : Buffer.concat(chunks).subarray(0, -2)
  return { body, headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } }
}
