import { parentPort, workerData } from 'node:worker_threads'
import { createRules, type DecodeFrame, type LogBlock } from '../catalogue/index.ts'
import { answerCalls } from '../platform/index.ts'
import { createIndexWriter, type IndexWriter } from './index-writer.ts'
import type { Wanted } from './placement.ts'

export interface WriterData {
  file: string
  ownDevice: string
  wanted: Wanted
  /** URL of the module whose `decodeFrame` reads blocks: the codec alone, without the rest of its room. */
  codec: string
}

export type WriterCalls = ReturnType<typeof handlers>

/** Idle for this long, the thread gives back memory and tidies its file. */
const REST_AFTER_MS = 3000

function handlers({ file, ownDevice, wanted, codec }: WriterData) {
  let writer: IndexWriter
  let resting: NodeJS.Timeout | null = null
  const restLater = () => {
    if (resting) clearTimeout(resting)
    resting = setTimeout(() => writer.rest(), REST_AFTER_MS)
  }
  return {
    /** Comes first, so that what goes wrong at opening reaches the caller as it is. */
    async open(): Promise<void> {
      const { decodeFrame } = (await import(codec)) as { decodeFrame: DecodeFrame }
      writer = createIndexWriter({ file, ownDevice, wanted, decode: decodeFrame, rules: createRules() })
      restLater()
    },
    apply(blocks: LogBlock[], now: number) {
      restLater()
      return writer.apply(blocks, now)
    },
    positions: () => writer.positions(),
    newestStamp: () => writer.newestStamp(),
    clear: () => writer.clear(),
    replace: () => writer.replace(),
    close() {
      if (resting) clearTimeout(resting)
      writer.close()
    },
  }
}

if (parentPort) answerCalls(parentPort, handlers(workerData as WriterData))
