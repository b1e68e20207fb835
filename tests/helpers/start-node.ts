import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))
const main = join(root, 'node/main.ts')

const running = new Set<ChildProcess>()
// A test that fails must not leave its node behind, nor wait for it.
after(() => {
  for (const child of running) child.kill('SIGKILL')
})

/** A folder under the system's temporary one, and how to be rid of it. */
export function temporaryFolder(name: string): { path: string; remove(): Promise<void> } {
  const path = mkdtempSync(join(tmpdir(), `homeroll-${name}-`))
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) }
}

export interface TestNode {
  url: string
  apiUrl: string
  deviceId: string
  process: ChildProcess
  token: string
  /** Everything it wrote to standard error. */
  errors(): string
  get<T>(path: string): Promise<T>
  post<T>(path: string, body?: unknown): Promise<T>
  patch<T>(path: string, body: unknown): Promise<T>
  /** Resolves with the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** Starts a real node in a process of its own. */
export async function startNode(dataDir: string, args: string[] = [], env: NodeJS.ProcessEnv = {}): Promise<TestNode> {
  const child = spawn(
    process.execPath,
    [main, 'start', '--data', dataDir, '--port', '0', '--no-open', '--json', ...args],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } },
  )
  running.add(child)
  child.once('exit', () => running.delete(child))
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  const ended = new Promise<number | null>(resolve => child.once('exit', resolve))
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve)
    void ended.then(code => reject(new Error(`the node ended with ${code} before it was ready: ${errors}`)))
  })
  const { ready, url, apiUrl, deviceId } = JSON.parse(line) as Record<'url' | 'apiUrl' | 'deviceId', string> & {
    ready?: boolean
  }
  if (ready !== true) throw new Error(`the node did not start: ${line}`)
  const token = (await readFile(join(dataDir, 'api-token'), 'utf8')).trim()
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(apiUrl + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return (text === '' ? undefined : JSON.parse(text)) as T
  }
  return {
    url,
    apiUrl,
    deviceId,
    process: child,
    token,
    errors: () => errors,
    get: path => ask('GET', path),
    post: (path, body = {}) => ask('POST', path, body),
    patch: (path, body) => ask('PATCH', path, body),
    async stop(signal = 'SIGTERM') {
      child.kill(signal)
      return ended
    },
  }
}

/** Runs one command line to its end. */
export async function homeroll(
  args: string[],
  env: NodeJS.ProcessEnv = {},
  /** A command and its arguments that run it: `['setpriv', ...]`. */
  under: string[] = [],
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const [command = process.execPath, ...rest] = [...under, process.execPath, main, ...args]
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const code = await new Promise<number | null>(resolve => child.once('close', resolve))
  return { code, stdout, stderr }
}
