// Thumbnails and months per second and their latency, beside static file servers sending the same bytes from files.
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import autocannon from 'autocannon'
import { writeThumbnails } from './http-data.ts'

const MONTH = '2024-07'
const CONNECTIONS = 16
const WARM_UP_SECONDS = 1

interface Figures {
  requestsPerSecond: number
  /** Milliseconds. */
  p50: number
  p95: number
  p99: number
}
interface Target {
  url: string
  paths: string[]
  /** Of every answer's body. */
  bytes: number
  headers?: Record<string, string>
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      json: { type: 'boolean', default: false },
      thumbnails: { type: 'string', default: '2000' },
      bytes: { type: 'string', default: '15000' },
      month: { type: 'string', default: '4000' },
      seconds: { type: 'string', default: '2' },
      rounds: { type: 'string', default: '2' },
    },
  })
  const [seconds, rounds] = [Number(values.seconds), Number(values.rounds)]
  const folder = mkdtempSync(join(tmpdir(), 'homeroll-bench-http-'))
  const servers: ChildProcess[] = []
  try {
    const ids = writeThumbnails(folder, Number(values.thumbnails), Number(values.bytes))
    const start = (kind: string) => startServer(kind, folder, values.month, servers)
    const node = await signIn(await start('homeroll'))
    const month = await fetch(`${node.url}api/timeline/${MONTH}`, { headers: node.headers })
    if (!month.ok) throw new Error(`the month was answered ${month.status}`)
    const monthBytes = Buffer.from(await month.arrayBuffer())
    writeFileSync(join(folder, 'files', 'month.json'), monthBytes)
    const plain = { url: await start('plain') }
    const fastifyStatic = { url: await start('fastify-static') }

    const bytes = Number(values.bytes)
    const files = ids.map(id => `/${id}.webp`)
    const thumbnails = await compare(seconds, rounds, {
      homeroll: { ...node, paths: ids.map(id => `/api/assets/${id}/thumbnail`), bytes },
      plain: { ...plain, paths: files, bytes },
      fastifyStatic: { ...fastifyStatic, paths: files, bytes },
    })
    const months = await compare(seconds, rounds, {
      homeroll: { ...node, paths: [`/api/timeline/${MONTH}`], bytes: monthBytes.byteLength },
      plain: { ...plain, paths: ['/month.json'], bytes: monthBytes.byteLength },
      fastifyStatic: { ...fastifyStatic, paths: ['/month.json'], bytes: monthBytes.byteLength },
    })
    const result = {
      cores: availableParallelism(),
      connections: CONNECTIONS,
      thumbnails: { count: ids.length, bytes, ...thumbnails },
      month: { assets: Number(values.month), bytes: monthBytes.byteLength, ...months },
    }
    if (values.json) console.log(JSON.stringify(result))
    else {
      console.log(`${result.cores} cores, ${CONNECTIONS} connections, load from another process`)
      print(`thumbnails: ${ids.length} of ${values.bytes} bytes`, thumbnails)
      print(`a month of ${values.month} assets: ${monthBytes.byteLength} bytes of JSON columns`, months)
    }
  } finally {
    for (const server of servers) server.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function startServer(kind: string, folder: string, assets: string, servers: ChildProcess[]): Promise<string> {
  const file = fileURLToPath(new URL('./http-server.ts', import.meta.url))
  const child = spawn(process.execPath, [file, kind, folder, assets], { stdio: ['ignore', 'pipe', 'inherit'] })
  servers.push(child)
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve)
    child.once('exit', code => reject(new Error(`the ${kind} server ended with ${code}`)))
  })
}

/** Comes in as a browser does, with a session: its cookie is part of what a request costs. */
async function signIn(launchUrl: string): Promise<{ url: string; headers: Record<string, string> }> {
  const { origin, hash } = new URL(launchUrl)
  const answer = await fetch(`${origin}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: hash.replace('#token=', '') }),
  })
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  return { url: `${origin}/`, headers: { cookie, 'sec-fetch-site': 'same-origin' } }
}

/** Measures the targets in turn, `rounds` times over, so that a busy moment of the machine hits all of them. */
async function compare(
  seconds: number,
  rounds: number,
  targets: Record<'homeroll' | 'plain' | 'fastifyStatic', Target>,
) {
  const measured = new Map<string, { times: number[]; seconds: number }>()
  for (const target of Object.values(targets)) await load(target, WARM_UP_SECONDS)
  for (let round = 0; round < rounds; round++) {
    for (const [name, target] of Object.entries(targets)) {
      const one = await load(target, seconds)
      const sum = measured.get(name) ?? { times: [], seconds: 0 }
      measured.set(name, { times: sum.times.concat(one.times), seconds: sum.seconds + one.seconds })
    }
  }
  const figures = (name: string): Figures => {
    const { times, seconds } = measured.get(name) ?? { times: [], seconds: 1 }
    times.sort((a, b) => a - b)
    const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
    return { requestsPerSecond: times.length / seconds, p50: at(0.5), p95: at(0.95), p99: at(0.99) }
  }
  const homeroll = figures('homeroll')
  const plain = figures('plain')
  const fastifyStatic = figures('fastifyStatic')
  const against = (other: Figures) => ({
    requestsPerSecond: homeroll.requestsPerSecond / other.requestsPerSecond,
    p95: homeroll.p95 / other.p95,
  })
  return { homeroll, plain, fastifyStatic, ratios: { plain: against(plain), fastifyStatic: against(fastifyStatic) } }
}

/** Asks for the paths over and over; resolves with how long each answer took, in milliseconds. */
function load({ url, paths, headers, bytes }: Target, seconds: number): Promise<{ times: number[]; seconds: number }> {
  return new Promise((resolve, reject) => {
    const times: number[] = []
    const running = autocannon(
      {
        url,
        connections: CONNECTIONS,
        duration: seconds,
        ...(headers ? { headers } : {}),
        requests: paths.map(path => ({ path })),
      },
      error => error && reject(error),
    )
    running.on('response', (_, __, ___, milliseconds) => times.push(milliseconds))
    running.on('done', ({ duration, errors, timeouts, non2xx, throughput }) => {
      if (errors + timeouts + non2xx > 0) reject(new Error(`${url}: ${errors} errors, ${non2xx} refusals`))
      else if (throughput.total < times.length * bytes) reject(new Error(`${url}: bodies came short`))
      else resolve({ times, seconds: duration })
    })
  })
}

function print(title: string, result: Awaited<ReturnType<typeof compare>>): void {
  const line = (name: string, { requestsPerSecond, p50, p95, p99 }: Figures) =>
    `  ${name.padEnd(28)} ${requestsPerSecond.toFixed(0).padStart(7)}/s   p50 ${p50.toFixed(2)}  p95 ${p95.toFixed(2)}  p99 ${p99.toFixed(2)} ms`
  console.log(title)
  console.log(line('Homeroll', result.homeroll))
  console.log(line('node:http + createReadStream', result.plain))
  console.log(line('@fastify/static', result.fastifyStatic))
  const { plain, fastifyStatic } = result.ratios
  console.log(
    `  ratio ${plain.requestsPerSecond.toFixed(2)} and ${fastifyStatic.requestsPerSecond.toFixed(2)} of their requests, ${plain.p95.toFixed(2)} and ${fastifyStatic.p95.toFixed(2)} of their p95`,
  )
}
