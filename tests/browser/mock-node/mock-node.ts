import { randomBytes } from 'node:crypto'
import { createReadStream, existsSync, statSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import type {
  AssetChange,
  AssetRecord,
  ImportProgress,
  NodeEvent,
  Status,
  View,
  WatchedFolder,
} from '../../../shared/schema/api.ts'
import { folderAt } from './folders.ts'
import { Library } from './library.ts'
import { paintedPictures, type Picture } from './pictures.ts'

const dist = fileURLToPath(new URL('../../../app/dist/', import.meta.url))

/** The policy that the real node sends. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; " +
  "connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

export interface MockOptions {
  assets?: number
  pictures?: Picture[]
  /** Begin with the cards of the first run. */
  firstRun?: boolean
  port?: number
  /** Milliseconds before a month is answered. */
  monthDelay?: (bucket: string) => number
  /** Milliseconds that an upload takes. */
  uploadDelay?: number
  /** A video file to serve as the original of videos. */
  video?: string
}

export interface MockNode {
  url: string
  token: string
  library: Library
  /** Requests so far, `METHOD /path?query`. */
  requests: string[]
  imports: ImportProgress[]
  watches: WatchedFolder[]
  /** What `GET /api/assets?state=damaged` lists. */
  damaged: AssetRecord[]
  status: Status
  emit: (event: NodeEvent) => void
  /** Takes one more picture in and says so. */
  addAsset: (takenAt: string) => string
  /** Answers the next request that starts with this (`PATCH /api/assets`) with an error. */
  failNext: (start: string, status?: number, message?: string) => void
  /** Cuts the event streams; none can be opened until `restoreEvents`. */
  cutEvents: () => void
  restoreEvents: () => void
  close: () => Promise<void>
}

/** A node made of cardboard: real HTTP, a made-up library, no disk. */
export async function startMockNode(options: MockOptions = {}): Promise<MockNode> {
  const pictures = options.pictures ?? (await paintedPictures(24))
  const library = new Library(options.assets ?? 600, pictures)
  const token = 'mock-token'
  const csrf = randomBytes(8).toString('hex')
  const streams = new Set<ServerResponse>()
  const failures: { start: string; status: number; message: string }[] = []
  const requests: string[] = []
  const uploaded = new Set<string>()
  let eventsCut = false

  const status: Status = {
    version: '0.1.0',
    device: { id: 'd'.repeat(64), name: 'Computer in the study' },
    space: options.firstRun ? null : { id: 's'.repeat(64), name: 'The Lindqvists' },
    members: options.firstRun ? [] : [{ id: 'm1', name: 'Astrid' }],
    assets: options.assets ?? 600,
    bytes: (options.assets ?? 600) * 4_200_000,
    held: options.assets ?? 600,
    damaged: 0,
    jobs: { pending: 0, running: 0, failed: 0 },
    peers: [],
    pendingSync: { frames: 0, renditions: 0, originals: 0, bytes: 0 },
    copies: { target: 2, below: 0 },
    disk: { free: 412_000_000_000, total: 1_000_000_000_000 },
    warnings: [],
  }

  const emit = ({ type, ...data }: NodeEvent): void => {
    for (const stream of streams) stream.write(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`)
  }
  const node: MockNode = {
    url: '',
    token,
    library,
    requests,
    imports: [],
    damaged: [],
    status,
    watches: options.firstRun
      ? []
      : [{ path: '/home/astrid/Pictures', copy: false, state: 'watching', assets: 412, absent: 0 }],
    emit,
    addAsset(takenAt) {
      const { id, bucket } = library.add(takenAt)
      emit({ type: 'timeline', buckets: [bucket] })
      return id
    },
    failNext: (start, failStatus = 500, message = 'The disk is full.') =>
      void failures.push({ start, status: failStatus, message }),
    cutEvents() {
      eventsCut = true
      for (const stream of streams) stream.destroy()
    },
    restoreEvents: () => void (eventsCut = false),
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }

  function json(response: ServerResponse, code: number, body: unknown, headers: Record<string, string> = {}): void {
    response.writeHead(code, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers })
    response.end(JSON.stringify(body))
  }

  async function bodyOf(request: IncomingMessage): Promise<Buffer> {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    return Buffer.concat(parts)
  }

  function newImport(paths: string[], inPlace: boolean): ImportProgress {
    const progress: ImportProgress = {
      id: `import-${node.imports.length + 1}`,
      paths,
      inPlace,
      state: 'looking',
      reason: null,
      startedAt: new Date(Date.now() - node.imports.length * 60_000).toISOString(),
      finishedAt: null,
      files: { found: 0, done: 0, imported: 0, duplicates: 0, failed: 0, rendered: 0 },
      bytes: { found: 0, done: 0 },
      rate: { filesPerSecond: 0, bytesPerSecond: 0 },
      secondsLeft: null,
      failures: [],
    }
    node.imports.push(progress)
    return progress
  }

  async function asset(request: IncomingMessage, response: ServerResponse, id: string, what: string): Promise<void> {
    const record = library.record(id)
    if (!record) return json(response, 404, { code: 'no-such-asset', message: 'There is no such photo.' })
    if (what === '') return json(response, 200, record)
    if (what === 'original' && record.type === 'video' && options.video && existsSync(options.video)) {
      const { size } = statSync(options.video)
      const range = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '')
      const start = Number(range?.[1] ?? 0)
      const end = range?.[2] ? Number(range[2]) : size - 1
      response.writeHead(range ? 206 : 200, {
        'content-type': 'video/mp4',
        'content-length': end - start + 1,
        'accept-ranges': 'bytes',
        ...(range ? { 'content-range': `bytes ${start}-${end}/${size}` } : {}),
      })
      return void createReadStream(options.video, { start, end }).pipe(response)
    }
    const sizes: Record<string, number> = { thumbnail: 720, preview: 1440, original: 2400 }
    const body = await library.pictureOf(library.numberFor(id)!).jpeg(sizes[what] ?? 720)
    response.writeHead(200, { 'content-type': 'image/jpeg', 'cache-control': 'private, max-age=31536000, immutable' })
    response.end(body)
  }

  async function upload(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await bodyOf(request)).toString('latin1')
    await new Promise(resolve => setTimeout(resolve, options.uploadDelay ?? 20))
    const name = /filename="([^"]*)"/.exec(body)?.[1] ?? ''
    if (/\.txt$/i.test(name)) {
      return json(response, 415, { code: 'unsupported', message: 'This is not a picture or a video.' })
    }
    const content = /filename=[^]*?\r\n\r\n([^]*?)\r\n--/.exec(body)?.[1] ?? ''
    if (uploaded.has(content)) return json(response, 200, { id: 'f'.repeat(32), status: 'duplicate' })
    uploaded.add(content)
    return json(response, 201, {
      id: node.addAsset(`2026-11-28T12:00:${String(uploaded.size % 60).padStart(2, '0')}`),
      status: 'new',
    })
  }

  function events(request: IncomingMessage, response: ServerResponse): void {
    if (eventsCut) return void response.destroy()
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    response.write(': here\n\n')
    streams.add(response)
    request.on('close', () => streams.delete(response))
  }

  async function api(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const { method = 'GET' } = request
    const path = url.pathname
    const view = (url.searchParams.get('view') ?? 'all') as View
    const failure = failures.findIndex(one => `${method} ${path}${url.search}`.startsWith(one.start))
    if (failure >= 0) {
      const { status: code, message } = failures.splice(failure, 1)[0]!
      await bodyOf(request)
      return json(response, code, { code: 'refused', message })
    }
    if (path === '/api/session' && method === 'POST') {
      const given = JSON.parse((await bodyOf(request)).toString()) as { token: string }
      if (given.token !== token) return json(response, 401, { code: 'wrong-token', message: 'The token is wrong.' })
      return json(response, 200, { csrf }, { 'set-cookie': 'session=mock; HttpOnly; SameSite=Strict; Path=/' })
    }
    if (!request.headers.cookie?.includes('session=mock')) {
      return json(response, 401, { code: 'signed-out', message: 'Not signed in.' })
    }
    if (path === '/api/session') return json(response, 200, { csrf })
    if (method !== 'GET' && request.headers['x-homeroll-csrf'] !== csrf) {
      return json(response, 403, { code: 'csrf', message: 'The request did not come from the app.' })
    }
    if (path === '/api/events') return events(request, response)
    if (path === '/api/assets' && method === 'POST') return upload(request, response)
    const body = method === 'GET' ? null : (JSON.parse((await bodyOf(request)).toString() || 'null') as unknown)
    const month = /^\/api\/timeline\/(\d{4}-\d{2})$/.exec(path)?.[1]
    const one = /^\/api\/assets\/([0-9a-f]{32})(?:\/(thumbnail|preview|original))?$/.exec(path)
    const steered = /^\/api\/imports\/([^/]+)\/(stop|resume)$/.exec(path)
    if (path === '/api/status') return json(response, 200, status)
    if (path === '/api/timeline') {
      const buckets = library.summary(view)
      return json(response, 200, { view, total: buckets.reduce((sum, { count }) => sum + count, 0), buckets })
    }
    if (month) {
      if (options.monthDelay) await new Promise(resolve => setTimeout(resolve, options.monthDelay?.(month)))
      return json(response, 200, library.columns(month, view))
    }
    if (one) return asset(request, response, one[1]!, one[2] ?? '')
    if (path === '/api/assets' && method === 'GET') {
      response.writeHead(200, { 'content-type': 'application/x-ndjson; charset=utf-8', 'cache-control': 'no-store' })
      return void response.end(node.damaged.map(record => `${JSON.stringify(record)}\n`).join(''))
    }
    if (path === '/api/assets') {
      const change = body as AssetChange
      const buckets = library.change(change)
      json(response, 200, { changed: change.ids.length })
      emit({ type: 'timeline', buckets })
      return emit({ type: 'assets', ids: change.ids })
    }
    if (path === '/api/search') {
      const hits = library.search(url.searchParams.get('q') ?? '', Number(url.searchParams.get('limit') ?? 50))
      return json(response, 200, hits.map((hit, i) => ({ ...hit, score: 1 / (i + 1), why: ['place'] }))) // prettier-ignore
    }
    if (path === '/api/imports' && method === 'POST') {
      const { paths, inPlace } = body as { paths: string[]; inPlace: boolean }
      const progress = newImport(paths, inPlace)
      json(response, 201, progress)
      return emit({ type: 'import', progress })
    }
    if (path === '/api/imports') return json(response, 200, node.imports)
    if (steered) {
      const progress = node.imports.find(known => known.id === steered[1])
      if (!progress) return json(response, 404, { code: 'no-such-import', message: 'There is no such import.' })
      progress.state = steered[2] === 'stop' ? 'stopped' : 'running'
      emit({ type: 'import', progress })
      return json(response, 200, progress)
    }
    if (path === '/api/watches') {
      const watch = body as { path: string; copy: boolean }
      if (method === 'POST') node.watches.push({ ...watch, state: 'scanning', assets: 0, absent: 0 })
      const gone = url.searchParams.get('path')
      if (method === 'DELETE') node.watches = node.watches.filter(known => known.path !== gone)
      return json(response, 200, node.watches)
    }
    if (path === '/api/folders') return json(response, 200, folderAt(url.searchParams.get('path')))
    if (path === '/api/setup') {
      const names = body as { spaceName: string; deviceName: string; memberName?: string }
      status.space = { id: 's'.repeat(64), name: names.spaceName }
      status.device.name = names.deviceName
      if (names.memberName) status.members = [{ id: 'm1', name: names.memberName }]
      json(response, 200, status)
      return emit({ type: 'status', status })
    }
    return json(response, 404, { code: 'no-such-route', message: 'There is nothing here.' })
  }

  function page(response: ServerResponse, path: string): void {
    const wanted = join(dist, normalize(path))
    const file =
      wanted.startsWith(dist) && extname(wanted) !== '' && existsSync(wanted) ? wanted : join(dist, 'index.html')
    response.writeHead(200, {
      'content-type': types[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
    })
    createReadStream(file).pipe(response)
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (!url.pathname.startsWith('/api/')) return page(response, url.pathname)
    requests.push(`${request.method} ${url.pathname}${url.search}`)
    api(request, response, url).catch((error: unknown) => {
      if (!response.headersSent) json(response, 500, { code: 'unexpected', message: String(error) })
    })
  })
  await new Promise<void>(resolve => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  node.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return node
}
