import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileDurably } from '../platform/index.ts'

/** What is to be put in order: `rescan` the folder of originals, or only `adopt` what a kill left between two steps. */
export type Recovery = 'rescan' | 'adopt'

/** Says in the data folder that something is to be put in order, until it was: a stop half way must not forget it. */
export interface RecoveryMark {
  readonly needed: Recovery | null
  done(): Promise<void>
}

/** `found`: what this start found out by itself. */
export async function markRecovery(dataDir: string, found: Recovery | null): Promise<RecoveryMark> {
  const path = join(dataDir, 'recovery')
  const before = await readFile(path, 'utf8').catch(() => null)
  const needed = before === 'rescan' || found === 'rescan' ? 'rescan' : before !== null ? 'adopt' : found
  if (needed !== null && before !== needed) await writeFileDurably(path, needed)
  return { needed, done: () => rm(path, { force: true }) }
}
