import { HomerollError } from '../../shared/errors/index.ts'
import type { Drive, PackPlace } from './drive.ts'
import { checkBounds, checkPackName, layOut } from './pack-places.ts'

class MemoryDrive implements Drive {
  readonly #packs = new Map<string, Uint8Array>()
  readonly #hasRoom: (bytes: number) => boolean
  #closed = false

  constructor(hasRoom: (bytes: number) => boolean) {
    this.#hasRoom = hasRoom
  }

  async putPack(pieces: Uint8Array[]): Promise<PackPlace[]> {
    this.#checkOpen()
    if (pieces.length === 0) return []
    const name = `packs/${this.#packs.size + 1}`
    const { places, bytes } = layOut(name, pieces)
    if (!this.#hasRoom(bytes))
      throw new HomerollError('disk-full', 'the memory set aside for packs is full', { status: 507 })
    this.#packs.set(name, Uint8Array.from(Buffer.concat(pieces)))
    return places
  }

  async get(place: PackPlace): Promise<Uint8Array | null> {
    this.#checkOpen()
    checkPackName(place)
    const pack = this.#packs.get(place.pack)
    if (!pack) return null
    checkBounds(place, pack.length)
    return pack.slice(place.offset, place.offset + place.length)
  }

  async stats(): Promise<{ packs: number; bytes: number }> {
    this.#checkOpen()
    let bytes = 0
    for (const pack of this.#packs.values()) bytes += pack.length
    return { packs: this.#packs.size, bytes }
  }

  async close(): Promise<void> {
    this.#closed = true
  }

  #checkOpen(): void {
    if (this.#closed) throw new HomerollError('drive-closed', 'the drive is closed')
  }
}

/** A drive that lives as long as the process, for tests and simulations. `hasRoom` may say that the disk is full. */
export function createMemoryDrive(options: { hasRoom?: (bytes: number) => boolean } = {}): Drive {
  return new MemoryDrive(options.hasRoom ?? (() => true))
}
