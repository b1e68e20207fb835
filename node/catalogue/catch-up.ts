import { errorCode } from '../../shared/errors/index.ts'
import type { Log } from '../log/index.ts'
import type { Changes, LogBlock, Projection } from './projection.ts'

/** One batch at most: bounds the memory, and the length of a transaction. */
const BATCH_BLOCKS = 64
const BATCH_BYTES = 4 * 1024 * 1024

export interface CatchUpOptions {
  signal?: AbortSignal
  /** Blocks applied so far, of those that were not at the start. */
  onProgress?(progress: { applied: number; total: number }): void
}

/**
 * Applies what the logs hold beyond the projection's positions, in batches. A projection that is ahead of a log, or that
 * applied another block than the log holds, is cleared and filled from the start.
 */
export async function catchUp(
  logs: readonly Log[],
  projection: Projection,
  now: () => number,
  emit: (changes: Changes) => void,
  options: CatchUpOptions = {},
): Promise<void> {
  try {
    await applyMissing(logs, projection, now, emit, options)
  } catch (thrown) {
    if (!['log-differs', 'index-ahead'].includes(errorCode(thrown))) throw thrown
    await projection.clear()
    await applyMissing(logs, projection, now, emit, options)
  }
}

async function applyMissing(
  logs: readonly Log[],
  projection: Projection,
  now: () => number,
  emit: (changes: Changes) => void,
  options: CatchUpOptions,
): Promise<void> {
  const { signal } = options
  const positions = await projection.positions()
  const lengths = new Map(logs.map(log => [log, log.length]))
  let total = 0
  for (const [log, length] of lengths) {
    const applied = positions[log.device] ?? 0
    if (applied > length) throw new IndexAhead(log.device)
    total += length - applied
  }
  // Also with nothing to read: what was held back may count by now.
  emit(await projection.apply([], now()))
  let applied = 0
  for (const [log, length] of lengths) {
    const position = positions[log.device] ?? 0
    // The block before comes along, so that the projection can tell whether it is the one it applied.
    for await (const batch of batches(log, Math.max(0, position - 1), length, signal)) {
      const fresh = batch.filter(block => block.seq >= position).length
      emit(await projection.apply(batch, now()))
      applied += fresh
      options.onProgress?.({ applied, total })
      signal?.throwIfAborted()
    }
  }
}

class IndexAhead extends Error {
  readonly code = 'index-ahead'
  constructor(device: string) {
    super(`the index holds more of the log of ${device} than there is`)
  }
}

async function* batches(log: Log, from: number, to: number, signal?: AbortSignal): AsyncIterable<LogBlock[]> {
  let batch: LogBlock[] = []
  let bytes = 0
  for await (const { seq, block } of log.read({ from, to, ...(signal && { signal }) })) {
    batch.push({ device: log.device, seq, block })
    bytes += block.byteLength
    if (batch.length < BATCH_BLOCKS && bytes < BATCH_BYTES) continue
    yield batch
    batch = []
    bytes = 0
  }
  if (batch.length > 0) yield batch
}
