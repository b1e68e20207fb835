import { HomerollError } from '../../shared/errors/index.ts'
import { MAX_FRAME_BYTES } from '../../shared/schema/index.ts'
import type { Log } from './log.ts'

const READ_AHEAD = 16

/** Bytes of the blocks together; throws `block-too-large`. */
export function checkBlocks(blocks: Uint8Array[]): number {
  let bytes = 0
  for (const block of blocks) {
    if (block.length > MAX_FRAME_BYTES) {
      throw new HomerollError(
        'block-too-large',
        `a block of ${block.length} bytes is over the limit of ${MAX_FRAME_BYTES}`,
      )
    }
    bytes += block.length
  }
  return bytes
}

export function noSuchBlock(log: Log, seq: number): HomerollError {
  return new HomerollError('no-such-block', `the log of ${log.device} has blocks 0 to ${log.length - 1}, not ${seq}`)
}

/** Reads a log in order, asking for a few blocks before they are needed. */
export async function* readAhead(
  log: Log,
  { from = 0, to = log.length, signal }: { from?: number; to?: number; signal?: AbortSignal },
): AsyncGenerator<{ seq: number; block: Uint8Array }> {
  const ahead: Promise<Uint8Array>[] = []
  let asked = from
  for (let seq = from; seq < to; seq++) {
    signal?.throwIfAborted()
    while (asked < to && asked < seq + READ_AHEAD) {
      const block = log.get(asked++)
      // If the reader stops early, nobody waits for this one.
      block.catch(() => undefined)
      ahead.push(block)
    }
    yield { seq, block: await ahead.shift()! }
  }
}
