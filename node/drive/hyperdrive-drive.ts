import { randomBytes } from 'node:crypto'
import type Hypercore from 'hypercore'
import Hyperdrive, { type BlobPlace } from 'hyperdrive'
import { HomerollError } from '../../shared/errors/index.ts'
import type { Identity } from '../identity/index.ts'
import type { DurableCorestore } from '../log/index.ts'
import type { Drive, PackPlace } from './drive.ts'
import { checkBounds, checkPackName, layOut } from './pack-places.ts'
import { RecentlyUsed } from './recently-used.ts'

/** Of a pack's blocks but the last. Small, since a preview of some 250 KB is read in whole blocks. */
const BLOCK_BYTES = 256 * 1024
/** Blocks of one write: signing and encrypting them holds the thread up for a few milliseconds at the most. */
const BLOCKS_PER_WRITE = 4
/** Of the store's own records for a pack: the entry, tree nodes, bitfield pages. */
const BYTES_PER_BLOCK_RECORD = 8 * 1024
const CACHED_BLOCKS = 16
const CACHED_PACKS = 4096
/** Packs lie in one folder of the drive, under names that are random, so that none is ever used again. */
const FOLDER = 'packs'

interface HeldPack {
  firstBlock: number
  blockBytes: number
  bytes: number
}

class HyperdriveDrive implements Drive {
  readonly #store: DurableCorestore
  readonly #drive: Hyperdrive
  /** The drive's core of bytes. */
  readonly #core: Hypercore
  readonly #packs = new RecentlyUsed<string, HeldPack>(CACHED_PACKS)
  readonly #blocks = new RecentlyUsed<number, Uint8Array>(CACHED_BLOCKS)
  #counted: { packs: number; bytes: number } | null = null
  #turn: Promise<unknown> = Promise.resolve()
  readonly #writes = new Set<Promise<void>>()
  #closed = false

  constructor(store: DurableCorestore, drive: Hyperdrive, core: Hypercore) {
    this.#store = store
    this.#drive = drive
    this.#core = core
  }

  async putPack(pieces: Uint8Array[]): Promise<PackPlace[]> {
    this.#checkOpen()
    if (pieces.length === 0) return []
    const pack = `${FOLDER}/${randomBytes(12).toString('hex')}`
    const { places, bytes } = layOut(pack, pieces)
    const room = bytes + (2 + Math.ceil(bytes / BLOCK_BYTES)) * BYTES_PER_BLOCK_RECORD
    // Packs are written one after another; the flush that follows each is shared by those that wait for one.
    const written = this.#store.write(room, () => this.#inTurn(() => this.#writePack(pack, pieces, bytes)))
    this.#writes.add(written)
    await written.finally(() => this.#writes.delete(written))
    return places
  }

  async get(place: PackPlace): Promise<Uint8Array | null> {
    this.#checkOpen()
    checkPackName(place)
    const pack = this.#packs.get(place.pack) ?? (await this.#findPack(place.pack))
    if (!pack) return null
    checkBounds(place, pack.bytes)
    const end = place.offset + place.length
    const first = Math.floor(place.offset / pack.blockBytes)
    const last = Math.floor((end - 1) / pack.blockBytes)
    const bytes = new Uint8Array(place.length)
    for (let index = first; index <= last; index++) {
      const block = await this.#readBlock(pack, index)
      if (!block) return null
      const start = index * pack.blockBytes
      const from = Math.max(place.offset, start)
      bytes.set(block.subarray(from - start, Math.min(end, start + block.length) - start), from - place.offset)
    }
    return bytes
  }

  async stats(): Promise<{ packs: number; bytes: number }> {
    this.#checkOpen()
    // Counted in turn, so that each pack is counted either by the walk or by its writing.
    return this.#inTurn(async () => ({ ...(this.#counted ??= await this.#count()) }))
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await Promise.allSettled(this.#writes)
    await this.#turn
    await this.#drive.close()
  }

  #checkOpen(): void {
    if (this.#closed) throw new HomerollError('drive-closed', 'the drive is closed')
  }

  #inTurn<T>(action: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(action)
    this.#turn = result.catch(() => undefined)
    return result
  }

  /** Bytes first, the entry last: a pack cut off by a kill is bytes that nothing names, and never a name without bytes. */
  async #writePack(pack: string, pieces: Uint8Array[], bytes: number): Promise<void> {
    const { length: blockOffset, byteLength: byteOffset } = this.#core
    let blocks: Uint8Array[] = []
    for (const block of inBlocks(pieces, bytes)) {
      blocks.push(block)
      if (blocks.length < BLOCKS_PER_WRITE) continue
      await this.#core.append(blocks)
      blocks = []
    }
    if (blocks.length > 0) await this.#core.append(blocks)
    const blob = { blockOffset, blockLength: this.#core.length - blockOffset, byteOffset, byteLength: bytes }
    await this.#drive.putEntry(`/${pack}`, { blob, metadata: { blockBytes: BLOCK_BYTES } })
    if (!this.#counted) return
    this.#counted.packs++
    this.#counted.bytes += bytes
  }

  async #findPack(name: string): Promise<HeldPack | null> {
    const entry = await this.#drive.entry(`/${name}`, { wait: false })
    if (!entry?.value.blob) return null
    const pack = heldPack(entry.value.blob, entry.value.metadata)
    if (!pack) throw damagedPack(name)
    this.#packs.set(name, pack)
    return pack
  }

  async #readBlock(pack: HeldPack, index: number): Promise<Uint8Array | null> {
    const at = pack.firstBlock + index
    const cached = this.#blocks.get(at)
    if (cached) return cached
    const block = await this.#core.get(at, { wait: false })
    if (!block) return null
    if (block.length !== Math.min(pack.blockBytes, pack.bytes - index * pack.blockBytes))
      throw damagedPack(`block ${at}`)
    this.#blocks.set(at, block)
    return block
  }

  async #count(): Promise<{ packs: number; bytes: number }> {
    const stats = { packs: 0, bytes: 0 }
    for await (const { value } of this.#drive.list(`/${FOLDER}`)) {
      if (!value.blob) continue
      stats.packs++
      stats.bytes += value.blob.byteLength
    }
    return stats
  }
}

/** The pieces, end to end, cut into blocks. */
function* inBlocks(pieces: Uint8Array[], bytes: number): Generator<Uint8Array> {
  let left = bytes
  let block = new Uint8Array(Math.min(BLOCK_BYTES, left))
  let filled = 0
  for (const piece of pieces) {
    for (let from = 0; from < piece.length;) {
      const part = piece.subarray(from, from + block.length - filled)
      block.set(part, filled)
      filled += part.length
      from += part.length
      if (filled < block.length) continue
      yield block
      left -= block.length
      block = new Uint8Array(Math.min(BLOCK_BYTES, left))
      filled = 0
    }
  }
}

/** Checks what an entry says of itself; null where it cannot be so. */
function heldPack({ blockOffset, blockLength, byteLength }: BlobPlace, metadata: unknown): HeldPack | null {
  const { blockBytes } = (metadata ?? {}) as { blockBytes?: unknown }
  if (typeof blockBytes !== 'number' || !Number.isSafeInteger(blockBytes) || blockBytes < 1) return null
  if (![blockOffset, blockLength, byteLength].every(n => Number.isSafeInteger(n) && n >= 0)) return null
  if (Math.ceil(byteLength / blockBytes) !== blockLength) return null
  return { firstBlock: blockOffset, blockBytes, bytes: byteLength }
}

function damagedPack(name: string): HomerollError {
  return new HomerollError(
    'drive-damaged',
    `the pack ${name} of the drive is damaged: its renditions must be made anew`,
  )
}

/** This device's drive of the household, in the store, encrypted with the space key. */
export async function openHyperdrive(
  store: DurableCorestore,
  { household }: Pick<Identity, 'household'>,
): Promise<Drive> {
  const drive = new Hyperdrive(store.cores.namespace(`drive/${household.id}`), { encryptionKey: household.key })
  await drive.ready()
  const { core } = await drive.getBlobs()
  return new HyperdriveDrive(store, drive, core)
}
