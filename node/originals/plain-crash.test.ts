import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import { expectedOf } from '../../tests/contracts/original-store.ts'
import { numberedOriginal } from '../../tests/helpers/original-putter.ts'
import { openPlain } from '../../tests/helpers/original-stores.ts'

const KILLS = 15
const putter = new URL('../../tests/helpers/original-putter.ts', import.meta.url).pathname

test(`after each of ${KILLS} kills every acknowledged original is there once, and nothing else`, async t => {
  const folder = await mkdtemp(join(tmpdir(), 'homeroll-kill-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const acknowledged: number[] = []
  let first = 0
  for (let kill = 0; kill < KILLS; kill++) {
    const before = acknowledged.length
    // At least one is acknowledged, then the time is left to chance.
    await putUntilKilled(folder, first, acknowledged, kill % 5, Math.random() * 40)
    assert.ok(acknowledged.length > before)
    // Those under way at the kill are put again: whatever is left of them must not become a second copy.
    first = Math.max(3, ...acknowledged) - 3
    await check(folder, acknowledged)
  }
})

async function putUntilKilled(folder: string, first: number, acknowledged: number[], more: number, delayMs: number) {
  const child = spawn(process.execPath, [putter, folder, String(first)], { stdio: ['ignore', 'pipe', 'pipe'] })
  let complaint = ''
  child.stderr.on('data', (text: Buffer) => (complaint += text.toString()))
  const ended = new Promise<NodeJS.Signals | null>(resolve => child.on('close', (_, signal) => resolve(signal)))
  let seen = 0
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'opened') continue
    acknowledged.push(Number(line))
    if (seen++ === more) setTimeout(() => child.kill('SIGKILL'), delayMs)
  }
  assert.equal(await ended, 'SIGKILL', complaint)
}

async function check(folder: string, acknowledged: readonly number[]) {
  const { store, close } = await openPlain(folder)
  try {
    assert.deepEqual(await readdir(join(folder, 'originals', '.incoming')), [])
    for (const number of new Set(acknowledged)) {
      const bytes = numberedOriginal(number)
      const stream = await store.get(expectedOf(bytes).sha256)
      assert.ok(stream, `original ${number} is lost`)
      assert.ok((await buffer(stream)).equals(bytes), `original ${number} is not what was put`)
    }
    const recorded = new Map<string, string>()
    for await (const { sha256, path } of store.list()) recorded.set(path ?? '', Buffer.from(sha256).toString('hex'))
    const found = new Map<string, string>()
    for (const entry of await readdir(join(folder, 'originals'), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const path = join(entry.parentPath, entry.name)
      found.set(path, createHash('sha256').update(await readFile(path)).digest('hex')) // prettier-ignore
    }
    assert.deepEqual([...found].sort(), [...recorded].sort(), 'files and records agree')
    assert.equal(new Set(found.values()).size, found.size, 'no content lies there twice')
    assert.equal((await store.stats()).originals, found.size)
  } finally {
    await close()
  }
}
