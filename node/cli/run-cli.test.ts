import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { HomerollError } from '../../shared/errors/index.ts'
import { printTo, runCli } from './index.ts'
import type { CliParts } from './node-handle.ts'

type Answer = { status?: number; body: unknown }

/** Runs one command line against a pretended node. */
async function cli(argv: string[], answer: (method: string, path: string, body: unknown) => Answer, env = {}) {
  const asked: [string, string, unknown][] = []
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', chunk => (text += String(chunk)))
    request.on('end', () => {
      const path = request.url?.replace('/api', '') ?? ''
      const body: unknown = text === '' ? undefined : JSON.parse(text)
      asked.push([request.method ?? '', path, body])
      const { status = 200, body: out } = answer(request.method ?? '', path, body)
      response.writeHead(status, { connection: 'close' })
      response.end(typeof out === 'string' ? out : JSON.stringify(out))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const dataDirs: string[] = []
  let stdout = ''
  let stderr = ''
  const parts: CliParts = {
    version: '1.2.3',
    openNode: () => Promise.reject(new HomerollError('port-in-use', 'Port 4114 is taken.')),
    async findNode(dataDir) {
      dataDirs.push(dataDir)
      return { apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`, token: 't' }
    },
    env,
    stdout: { write: text => (stdout += text) },
    stderr: { write: text => (stderr += text) },
  }
  const code = await runCli(argv, parts)
  server.close()
  return { code, stdout, stderr, asked, dataDirs }
}
const none = () => ({ body: {} })
const progress = (id: string, rest: object) => ({
  id,
  paths: ['/p'],
  state: 'done',
  reason: null,
  files: { found: 1, done: 1, imported: 1, duplicates: 0, failed: 0, rendered: 1 },
  failures: [],
  ...rest,
})

test('wrong use ends with 2, a sentence, and with --json JSON alone', async () => {
  for (const argv of [
    ['dance'],
    ['import'],
    ['import', '--what', '/p'],
    ['search', 'x', '--limit', '0'],
    ['idle', '--timeout', 'soon'],
    ['start', '--port', '70000'],
    ['start', '--name', ' '],
    ['status', '--data', ''],
  ]) {
    const { code, stdout, stderr } = await cli([...argv, '--json'], none)
    assert.equal(code, 2, argv.join(' '))
    assert.notEqual(stderr, '', argv.join(' '))
    assert.equal(typeof (JSON.parse(stdout) as { message: unknown }).message, 'string')
  }
})

test('a port in the environment that is none is wrong use and is named; an empty one is as good as unset', async () => {
  const wrong = await cli(['start', '--json'], none, { HOMEROLL_PORT: '41a' })
  assert.equal(wrong.code, 2)
  assert.match(wrong.stderr, /HOMEROLL_PORT/)
  const unset = await cli(['start', '--json'], none, { HOMEROLL_PORT: '' })
  assert.deepEqual([unset.code, JSON.parse(unset.stdout)], [1, { code: 'port-in-use', message: 'Port 4114 is taken.' }])
})

test('an empty data folder in the environment is as good as unset, and never the folder one stands in', async () => {
  const { dataDirs } = await cli(['status', '--json'], none, { HOMEROLL_DATA: '' })
  assert.match(dataDirs[0] ?? '', /\.homeroll$/)
  assert.deepEqual((await cli(['status', '--json'], none, { HOMEROLL_DATA: '/somewhere' })).dataDirs, ['/somewhere'])
})

test('exit codes of an import: 0 all, 3 in part, 1 none or stuck', async () => {
  const failure = { path: '/p/x', code: 'empty', message: '/p/x is empty' }
  const run = async (rest: object) => cli(['import', '/p', '--json'], () => ({ body: progress('1', rest) }))
  const files = { found: 2, done: 2, duplicates: 0, rendered: 0 }
  assert.equal((await run({})).code, 0)
  const part = await run({ files: { ...files, imported: 1, failed: 1 }, failures: [failure] })
  assert.deepEqual([part.code, JSON.parse(part.stdout)], [3, { imported: 1, duplicates: 0, failed: [failure] }])
  assert.equal((await run({ files: { ...files, imported: 0, failed: 2 }, failures: [failure] })).code, 1)
  assert.equal((await run({ state: 'stopped' })).code, 1)
})

test('five thousand paths go in parts that the node takes, and are told as one import', async () => {
  const paths = Array.from({ length: 5000 }, (_, i) => `/photos/${'long '.repeat(20)}${i}.jpg`)
  let next = 0
  const { code, stdout, asked } = await cli(['import', ...paths, '--json'], method => ({
    body: progress(method === 'POST' ? String(++next) : '1', {}),
  }))
  const posts = asked.filter(([method]) => method === 'POST').map(([, , body]) => (body as { paths: string[] }).paths)
  assert.equal(code, 0)
  assert.deepEqual(posts.flat(), paths)
  assert.ok(posts.every(some => some.length <= 1000 && some.join().length < 300_000))
  assert.equal((JSON.parse(stdout) as { imported: number }).imported, posts.length)
})

test('what a node refuses is told with its code, and text of others cannot steer the terminal', async () => {
  const refused = await cli(['watch', 'add', '/p', '--json'], () => ({
    status: 409,
    body: { code: 'already-watched', message: '/p is watched \u001b[2Jalready' },
  }))
  assert.equal(refused.code, 1)
  assert.equal((JSON.parse(refused.stdout) as { code: string }).code, 'already-watched')
  assert.ok(!refused.stderr.includes('\u001b'))
})

test('verify ends with 3 where something is wrong, idle with 1 where it is not idle', async () => {
  const found = { checked: 2, corrupt: [{ id: 'a', path: '/p' }], repaired: 0, missing: [] }
  assert.equal((await cli(['verify', '--json'], () => ({ body: found }))).code, 3)
  assert.equal((await cli(['verify'], () => ({ body: { ...found, corrupt: [] } }))).code, 0)
  assert.equal((await cli(['idle', '--timeout', '1', '--json'], () => ({ body: { idle: false } }))).code, 1)
})

test('a node that ends half way through is followed by the next, which goes on with the same import', async () => {
  let asks = 0
  const { code, asked } = await cli(['import', '/p', '--json'], method => {
    if (method === 'GET' && ++asks === 1) return { status: 503, body: { code: 'closing', message: 'closing' } }
    return { body: progress('7', {}) }
  })
  assert.equal(code, 0)
  assert.deepEqual(
    asked.map(([method, path]) => `${method} ${path}`),
    ['POST /imports', 'GET /imports/7', 'GET /imports/7'],
  )
})

test('when the reader goes away the command ends quietly', async () => {
  const pipe = new PassThrough()
  const printed = printTo(pipe)
  pipe.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
  await new Promise(resolve => setImmediate(resolve))
  let stderr = ''
  const code = await runCli(['--version'], {
    version: '1',
    openNode: () => Promise.reject(new Error('not asked')),
    findNode: async () => null,
    env: {},
    stdout: printed,
    stderr: { write: text => (stderr += text) },
  })
  assert.deepEqual([code, stderr], [0, ''])
})
