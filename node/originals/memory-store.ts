import { createHash } from 'node:crypto'
import { readFile, unlink } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { toHex } from '../../shared/ids/index.ts'
import { checkedRange } from './checked-range.ts'
import { sourceFault } from './faults.ts'
import type { OriginalStore, Source } from './original-store.ts'
import { sourceChunks } from './source-chunks.ts'

/** Originals in memory, for tests and small simulations: it hashes where it runs and keeps everything. */
export function createMemoryOriginals(): OriginalStore {
  const kept = new Map<string, Buffer>()
  const of = (sha256: Uint8Array) => kept.get(toHex(sha256))
  return {
    async put(source, expected, _placing, signal) {
      signal?.throwIfAborted()
      const take = async () => {
        if (source.kind === 'file' && source.consume) await unlink(source.path).catch(() => undefined)
      }
      if (of(expected.sha256)) {
        await take()
        return { outcome: 'present', path: null }
      }
      const bytes = await bytesOf(source, expected.bytes, signal)
      signal?.throwIfAborted()
      if (bytes?.length !== expected.bytes || !sha256Of(bytes).equals(expected.sha256)) {
        return { outcome: 'mismatch', message: 'the bytes are not what was expected' }
      }
      await take()
      if (of(expected.sha256)) return { outcome: 'present', path: null }
      kept.set(toHex(expected.sha256), bytes)
      return { outcome: 'stored', path: null }
    },
    async get(sha256, range) {
      const bytes = of(sha256)
      if (!bytes) return null
      const { start, end } = checkedRange(bytes.length, range)
      return Readable.from(end < start ? [] : [bytes.subarray(start, end + 1)], { objectMode: false })
    },
    has: async sha256 => of(sha256) !== undefined,
    pathOf: async () => null,
    async verify(sha256) {
      const bytes = of(sha256)
      if (!bytes) return 'missing'
      return sha256Of(bytes).equals(sha256) ? 'intact' : 'corrupt'
    },
    remove: async sha256 => kept.delete(toHex(sha256)),
    async *list() {
      for (const [, bytes] of kept) yield { sha256: new Uint8Array(sha256Of(bytes)), bytes: bytes.length, path: null }
    },
    async stats() {
      let bytes = 0
      for (const one of kept.values()) bytes += one.length
      return { originals: kept.size, bytes }
    },
    close: async () => undefined,
  }
}

const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()

/** Null where a stream holds more than `limit`. */
async function bytesOf(source: Source, limit: number, signal: AbortSignal | undefined): Promise<Buffer | null> {
  if (source.kind === 'file') {
    return readFile(source.path).catch((cause: unknown) => {
      throw sourceFault(source.path, cause)
    })
  }
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of sourceChunks(source.stream, signal)) {
    length += chunk.length
    if (length > limit) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
