import { setTimeout as sleep } from 'node:timers/promises'
import { errorCode } from '../../shared/errors/index.ts'
import { createApiClient, type ApiClient } from './api-client.ts'
import type { CliParts } from './node-handle.ts'

const TRIES = 50
const WAIT_MS = 200

/**
 * Runs `work` against the node of the data folder: the one that runs, or else one that is opened for the occasion, on a
 * free port of this machine alone, and closed afterwards.
 */
export async function withNode<T>(
  parts: CliParts,
  dataDir: string,
  work: (client: ApiClient) => Promise<T>,
): Promise<T> {
  for (let tries = 0; ; tries++) {
    const found = await parts.findNode(dataDir)
    if (found) return work(createApiClient(found.apiUrl, found.token))
    try {
      const node = await parts.openNode({ dataDir, port: 0 })
      try {
        const own = await parts.findNode(dataDir)
        return await work(createApiClient(node.apiUrl, own?.token ?? ''))
      } finally {
        await node.close()
      }
    } catch (thrown) {
      // Another command opened it a moment ago, and will answer soon, or is just closing it.
      if (errorCode(thrown) !== 'data-folder-in-use' || tries >= TRIES) throw thrown
      await sleep(WAIT_MS)
    }
  }
}
