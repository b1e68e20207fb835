import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDataFolderLocked } from '../platform/index.ts'
import { readNodeFile } from './node-file.ts'

const ANSWER_MS = 5000

/** The running node of a data folder, asked whether it really answers; null where none does. */
export async function findNode(dataDir: string): Promise<{ apiUrl: string; token: string } | null> {
  const file = await readNodeFile(dataDir)
  // After a kill another program may listen at that address: it must not be shown the token.
  if (!file || !isDataFolderLocked(dataDir)) return null
  try {
    const token = (await readFile(join(dataDir, 'api-token'), 'utf8')).trim()
    const response = await fetch(`${file.apiUrl}/status`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(ANSWER_MS),
    })
    await response.body?.cancel()
    return response.ok ? { apiUrl: file.apiUrl, token } : null
  } catch {
    return null
  }
}
