import { HomerollError } from '../../shared/errors/index.ts'
import { checkBlocks, noSuchBlock, readAhead } from './log-rules.ts'
import type { DeviceId, Log, LogSet } from './log.ts'

class MemoryLog implements Log {
  readonly device: DeviceId
  readonly writable = true
  readonly #blocks: Uint8Array[] = []
  readonly #hasRoom: (bytes: number) => boolean
  #closed = false

  constructor(device: DeviceId, hasRoom: (bytes: number) => boolean) {
    this.device = device
    this.#hasRoom = hasRoom
  }

  get length(): number {
    return this.#blocks.length
  }

  async append(blocks: Uint8Array[]): Promise<number> {
    if (this.#closed) throw new HomerollError('not-writable', `the log of ${this.device} is closed`)
    const bytes = checkBlocks(blocks)
    if (!this.#hasRoom(bytes))
      throw new HomerollError('disk-full', 'the memory set aside for logs is full', { status: 507 })
    for (const block of blocks) this.#blocks.push(Uint8Array.from(block))
    return this.#blocks.length
  }

  async get(seq: number): Promise<Uint8Array> {
    const block = this.#blocks[seq]
    if (!block) throw noSuchBlock(this, seq)
    return Uint8Array.from(block)
  }

  read(
    range: { from?: number; to?: number; signal?: AbortSignal } = {},
  ): AsyncIterable<{ seq: number; block: Uint8Array }> {
    return readAhead(this, range)
  }

  close(): void {
    this.#closed = true
  }
}

/** Logs that live as long as the process, for tests and simulations. `hasRoom` may say that the disk is full. */
export function createMemoryLogs(device: DeviceId, options: { hasRoom?: (bytes: number) => boolean } = {}): LogSet {
  const own = new MemoryLog(device, options.hasRoom ?? (() => true))
  return { own, all: () => [own], close: async () => own.close() }
}
