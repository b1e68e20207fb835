import { setTimeout as sleep } from 'node:timers/promises'
import { errorCode, HomerollError } from '../../shared/errors/index.ts'
import { createApiClient, type ApiClient } from './api-client.ts'
import type { CliParts, RunningNode } from './node-handle.ts'

const TRIES = 50
const WAIT_MS = 200
/** A node that has not closed by then is ended; everything it acknowledged is safe anyway. */
const CLOSE_MS = 9000
/** The node that answered has ended or is ending: another command's, or one that a person stopped. */
const NODE_ENDED = new Set(['node-unreachable', 'closing', 'media-closed', 'hasher-closed'])

/**
 * Runs `work` against the node of the data folder: the one that runs, or else one that is opened for the occasion, on a
 * free port of this machine alone, and closed afterwards. Where the node that runs ends meanwhile, `work` is called again
 * with another.
 */
export async function withNode<T>(
  parts: CliParts,
  dataDir: string,
  work: (client: ApiClient) => Promise<T>,
): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      const found = await parts.findNode(dataDir)
      if (found) return await work(createApiClient(found.apiUrl, found.token))
    } catch (thrown) {
      if (!NODE_ENDED.has(errorCode(thrown)) || tries >= TRIES) throw thrown
      await sleep(WAIT_MS)
      continue
    }
    let node: RunningNode
    try {
      node = await parts.openNode({ dataDir, port: 0 })
    } catch (thrown) {
      // Another command opened it a moment ago, and will answer soon, or is just closing it.
      if (errorCode(thrown) !== 'data-folder-in-use' || tries >= TRIES) throw thrown
      await sleep(WAIT_MS)
      continue
    }
    return await onOwnNode(parts, dataDir, node, work)
  }
}

async function onOwnNode<T>(
  parts: CliParts,
  dataDir: string,
  node: RunningNode,
  work: (client: ApiClient) => Promise<T>,
): Promise<T> {
  let interrupt: () => void = () => undefined
  const interrupted = new Promise<never>((_, reject) => {
    interrupt = () => {
      setTimeout(() => process.exit(1), CLOSE_MS).unref()
      reject(new HomerollError('interrupted', 'interrupted: what was begun goes on with the next command or start'))
    }
  })
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt)
  try {
    const own = await parts.findNode(dataDir)
    return await Promise.race([work(createApiClient(node.apiUrl, own?.token ?? '')), interrupted])
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
    await node.close()
  }
}
