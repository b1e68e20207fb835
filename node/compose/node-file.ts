import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileDurably } from '../platform/index.ts'

/** Where the running node of a data folder says how to reach it. Left behind only by a kill. */
export interface NodeFile {
  pid: number
  apiUrl: string
}

const nodeFilePath = (dataDir: string) => join(dataDir, 'node.json')

export async function readNodeFile(dataDir: string): Promise<NodeFile | null> {
  try {
    const { pid, apiUrl } = JSON.parse(await readFile(nodeFilePath(dataDir), 'utf8')) as Partial<NodeFile>
    return typeof pid === 'number' && typeof apiUrl === 'string' ? { pid, apiUrl } : null
  } catch {
    return null
  }
}

export async function writeNodeFile(dataDir: string, file: NodeFile): Promise<void> {
  await writeFileDurably(nodeFilePath(dataDir), JSON.stringify(file))
}

export async function removeNodeFile(dataDir: string): Promise<void> {
  await rm(nodeFilePath(dataDir), { force: true })
}
