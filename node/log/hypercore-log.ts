import type Hypercore from 'hypercore'
import { HomerollError } from '../../shared/errors/index.ts'
import type { Identity } from '../identity/index.ts'
import type { DurableCorestore } from './corestore.ts'
import { checkBlocks, noSuchBlock, readAhead } from './log-rules.ts'
import type { DeviceId, Log, LogSet } from './log.ts'

/** Of one write at most, so that a long queue neither fills the memory nor holds up the thread that signs it. */
const MAX_WRITE_BYTES = 4 * 1024 * 1024
/** What the store writes besides a block: tree nodes, its key, the bitfield. */
const BYTES_PER_WRITE = 8 * 1024

interface Waiting {
  blocks: Uint8Array[]
  bytes: number
  resolve(length: number): void
  reject(thrown: unknown): void
}

/** A device's log as a Hypercore, encrypted with the space key. Appends that come while one is written go as the next. */
class HypercoreLog implements Log {
  readonly device: DeviceId
  readonly writable: boolean
  readonly #core: Hypercore
  readonly #store: DurableCorestore
  /** Blocks that would survive a power cut. The core may be ahead for the time of a flush. */
  #length: number
  #waiting: Waiting[] = []
  #writing: Promise<void> | null = null
  #closed = false

  constructor(device: DeviceId, core: Hypercore, store: DurableCorestore) {
    this.device = device
    this.writable = core.writable
    this.#core = core
    this.#store = store
    this.#length = core.length
  }

  get length(): number {
    return this.#length
  }

  async append(blocks: Uint8Array[]): Promise<number> {
    if (!this.writable || this.#closed) {
      throw new HomerollError('not-writable', `this device may not append to the log of ${this.device}`)
    }
    const bytes = checkBlocks(blocks)
    if (blocks.length === 0) return this.#length
    return new Promise<number>((resolve, reject) => {
      this.#waiting.push({ blocks: [...blocks], bytes, resolve, reject })
      this.#writing ??= this.#writeAll()
    })
  }

  async get(seq: number): Promise<Uint8Array> {
    if (!Number.isSafeInteger(seq) || seq < 0 || seq >= this.#length) throw noSuchBlock(this, seq)
    const block = await this.#core.get(seq, { wait: false })
    if (!block) throw new HomerollError('log-damaged', `block ${seq} of the log of ${this.device} is not in the store`)
    return block
  }

  read(
    range: { from?: number; to?: number; signal?: AbortSignal } = {},
  ): AsyncIterable<{ seq: number; block: Uint8Array }> {
    return readAhead(this, range)
  }

  /** Resolves when what was appended is written, and the core closed. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#writing
    await this.#core.close()
  }

  async #writeAll(): Promise<void> {
    // A turn of the event loop lets appends of the same moment share one write and one flush.
    await new Promise(resolve => setImmediate(resolve))
    while (this.#waiting.length > 0) {
      const group = [this.#waiting.shift()!]
      let bytes = group[0]!.bytes
      while (this.#waiting.length > 0 && bytes + this.#waiting[0]!.bytes <= MAX_WRITE_BYTES) {
        const next = this.#waiting.shift()!
        group.push(next)
        bytes += next.bytes
      }
      try {
        const blocks = group.flatMap(waiting => waiting.blocks)
        const before = this.#length
        await this.#store.write(bytes + BYTES_PER_WRITE, () => this.#core.append(blocks))
        let length = before
        for (const waiting of group) {
          length += waiting.blocks.length
          this.#length = length
          waiting.resolve(length)
        }
      } catch (thrown) {
        for (const waiting of group) waiting.reject(thrown)
      }
    }
    this.#writing = null
  }
}

/**
 * The logs of one space in a store. The own log's key pair follows from the store's primary key and the space id, so the
 * same device finds the same log again.
 */
export async function openLogs(
  store: DurableCorestore,
  { deviceId, household }: Pick<Identity, 'deviceId' | 'household'>,
): Promise<LogSet> {
  const core = store.cores.get({ name: `log/${household.id}`, encryptionKey: household.key })
  await core.ready()
  const own = new HypercoreLog(deviceId, core, store)
  return { own, all: () => [own], close: () => own.close() }
}
