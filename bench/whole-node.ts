// A whole node with a large catalogue: from the command to the answer, and what it holds at rest.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { setTimeout as wait } from 'node:timers/promises'
import { openIdentity } from '../node/identity/index.ts'
import { openCorestore, openLogs } from '../node/log/index.ts'
import { treeMemory } from './process-tree.ts'
import { syntheticLog } from './synthetic-log.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const REST_MS = 25_000

export interface WholeNode {
  assets: number
  /** From starting the process to its ready line; and to the bucket list after that. */
  openMs: number
  bucketListMs: number
  /** Of the process and all it started, after it rested; shared pages counted in parts. */
  idleBytes: number
  /** The same of a bare interpreter that waits. */
  bareBytes: number
}

/** Opens a node of that many assets, made once and kept under the system's temporary folder. */
export async function measureWholeNode(assets: number): Promise<WholeNode> {
  const dataDir = await seeded(assets)
  const node = await start(dataDir)
  try {
    const token = readFileSync(join(dataDir, 'api-token'), 'utf8').trim()
    const before = performance.now()
    const response = await fetch(`${node.apiUrl}/timeline`, { headers: { authorization: `Bearer ${token}` } })
    await response.arrayBuffer()
    const bucketListMs = performance.now() - before
    await wait(REST_MS)
    return { assets, openMs: node.openMs, bucketListMs, idleBytes: treeMemory(node.pid), bareBytes: await bare() }
  } finally {
    await node.stop()
  }
}

/** A data folder whose log holds the synthetic catalogue and whose index has taken it in. */
async function seeded(assets: number): Promise<string> {
  const dataDir = join(tmpdir(), `homeroll-bench-node-${assets}`)
  const done = join(dataDir, 'seeded')
  if (existsSync(done)) return dataDir
  console.error(`making a node of ${assets} assets in ${dataDir}, once`)
  rmSync(dataDir, { recursive: true, force: true })
  mkdirSync(dataDir, { mode: 0o700 })
  const identity = await openIdentity(dataDir)
  const store = await openCorestore(join(dataDir, 'store'), identity)
  const logs = await openLogs(store, identity)
  let blocks: Uint8Array[] = []
  for (const block of syntheticLog(assets)) {
    blocks.push(block)
    if (blocks.length < 200) continue
    await logs.own.append(blocks)
    blocks = []
  }
  if (blocks.length > 0) await logs.own.append(blocks)
  await logs.close()
  await store.close()
  await (await start(dataDir)).stop()
  writeFileSync(done, '')
  return dataDir
}

async function start(dataDir: string) {
  const before = performance.now()
  const child = spawn(
    process.execPath,
    [join(root, 'node/main.ts'), 'start', '--data', dataDir, '--port', '0', '--no-open', '--json'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve)
    child.once('exit', code => reject(new Error(`the node ended with ${code}`)))
  })
  const { apiUrl } = JSON.parse(line) as { apiUrl: string }
  return {
    apiUrl,
    pid: child.pid as number,
    openMs: performance.now() - before,
    async stop() {
      child.kill('SIGTERM')
      await new Promise(resolve => child.once('exit', resolve))
    },
  }
}

async function bare(): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: 'ignore' })
  await wait(1000)
  const bytes = treeMemory(child.pid as number)
  child.kill()
  return bytes
}
