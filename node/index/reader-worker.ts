import { parentPort, workerData } from 'node:worker_threads'
import { answerCalls } from '../platform/index.ts'
import { createIndexReader, type IndexReader } from './index-reader.ts'

export interface ReaderData {
  file: string
  ownDevice: string
}

export type ReaderCalls = IndexReader

/** Idle for this long, the thread gives back memory. */
const REST_AFTER_MS = 10_000

if (parentPort) {
  const { file, ownDevice } = workerData as ReaderData
  let reader: IndexReader | null = null
  let resting: NodeJS.Timeout | null = null
  parentPort.on('message', () => {
    if (resting) clearTimeout(resting)
    resting = setTimeout(() => reader?.rest(), REST_AFTER_MS)
  })
  // The file is opened by the first call, and by the first after it was closed: while the thread itself starts, the writer may still be making it.
  const close = () => {
    reader?.close()
    reader = null
  }
  const calls = new Proxy({} as IndexReader, {
    get: (_, name) =>
      name === 'close' ? close : (Reflect.get((reader ??= createIndexReader(file, ownDevice)), name) as unknown),
  })
  answerCalls(parentPort, calls)
}
