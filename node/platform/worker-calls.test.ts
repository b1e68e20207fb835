import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { after, test } from 'node:test'
import { startWorkerThread } from './worker-calls.ts'

interface Far extends Record<string, (...args: never[]) => unknown> {
  echo(value: unknown): unknown
  fail(): never
  die(): never
  slow(ms: number): Promise<string>
  unsendable(): unknown
}

const folder = mkdtempSync(join(tmpdir(), 'homeroll-worker-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const file = pathToFileURL(join(folder, 'far.ts'))
writeFileSync(
  file,
  `import { parentPort } from 'node:worker_threads'
   import { answerCalls } from ${JSON.stringify(new URL('./worker-calls.ts', import.meta.url).href)}
   answerCalls(parentPort, {
     echo: value => value,
     fail() { throw Object.assign(new Error('no room'), { code: 'ENOSPC' }) },
     die() { process.exit(3) },
     slow: ms => new Promise(resolve => setTimeout(() => resolve('late'), ms)),
     unsendable: () => () => 1,
   })`,
)
const start = () => startWorkerThread<Far>(file, null)

test('answers come back, faults with their code, and an answer that cannot be sent is a fault too', async () => {
  const thread = start()
  const { calls } = thread
  assert.deepEqual(await calls.echo({ a: [1, null] }), { a: [1, null] })
  await assert.rejects(calls.fail(), { code: 'enospc', message: 'no room' })
  await assert.rejects(calls.unsendable())
  const bytes = new Uint8Array([1, 2, 3]).subarray(1)
  assert.deepEqual(await calls.echo(bytes), new Uint8Array([2, 3]))
  await thread.close()
})

test('a question that cannot be sent rejects, and closing does not wait for its answer', async () => {
  const thread = start()
  const { calls } = thread
  await assert.rejects(calls.echo(() => 1))
  await thread.close()
})

test('a thread that dies fails what was asked and what is asked later', async () => {
  const thread = start()
  const { calls } = thread
  const dying = calls.die()
  const behind = calls.echo(1)
  behind.catch(() => undefined)
  await assert.rejects(dying, { code: 'worker-ended' })
  await assert.rejects(behind, { code: 'worker-ended' })
  await assert.rejects(calls.echo(1), { code: 'worker-ended' })
  await thread.close()
})

test('closing lets what was asked be answered, also where it is closed twice', async () => {
  const thread = start()
  const { calls } = thread
  const late = calls.slow(50)
  await Promise.all([thread.close(), thread.close()])
  assert.equal(await late, 'late')
})
