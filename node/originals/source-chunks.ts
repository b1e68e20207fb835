import { addAbortListener } from 'node:events'
import type { Readable } from 'node:stream'
import { HomerollError } from '../../shared/errors/index.ts'
import { sourceFault } from './faults.ts'

const GATHER_BYTES = 1024 * 1024

/**
 * The bytes of a stream in chunks of about 1 MiB. The stream is destroyed when the reader stops early or `signal`
 * aborts. What the stream throws becomes `read-failed`.
 */
export async function* sourceChunks(stream: Readable, signal?: AbortSignal): AsyncGenerator<Buffer> {
  signal?.throwIfAborted()
  const listening = signal && addAbortListener(signal, () => stream.destroy(signal.reason as Error))
  try {
    let gathered: Buffer[] = []
    let length = 0
    for await (const chunk of stream as AsyncIterable<unknown>) {
      if (!(chunk instanceof Uint8Array)) {
        throw new HomerollError('read-failed', 'the stream of an original must carry bytes', { status: 400 })
      }
      gathered.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
      length += chunk.length
      if (length < GATHER_BYTES) continue
      yield Buffer.concat(gathered)
      gathered = []
      length = 0
    }
    signal?.throwIfAborted()
    if (length > 0) yield Buffer.concat(gathered)
  } catch (cause) {
    signal?.throwIfAborted()
    throw sourceFault('the stream of an original', cause)
  } finally {
    listening?.[Symbol.dispose]()
    // Uploads of which more is to come end here; the reason was said already.
    if (!stream.destroyed) stream.destroy()
  }
}
