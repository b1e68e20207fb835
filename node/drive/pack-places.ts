import { HomerollError } from '../../shared/errors/index.ts'
import type { PackPlace } from './drive.ts'

/** Bytes of all pieces of one pack, at most: a pack is made in memory. */
const MAX_PACK_BYTES = 256 * 1024 * 1024

/** Where each piece will lie, one after another, and the bytes of all. Throws `empty-piece` or `pack-too-large`. */
export function layOut(pack: string, pieces: Uint8Array[]): { places: PackPlace[]; bytes: number } {
  let bytes = 0
  const places = pieces.map(({ length }) => {
    if (length === 0) throw new HomerollError('empty-piece', 'a piece of a pack has at least one byte')
    const place = { pack, offset: bytes, length }
    bytes += length
    return place
  })
  if (bytes > MAX_PACK_BYTES) {
    throw new HomerollError('pack-too-large', `a pack of ${bytes} bytes is over the limit of ${MAX_PACK_BYTES}`)
  }
  return { places, bytes }
}

/** Throws `bad-place` for a place, perhaps from another device, whose name no pack can bear. */
export function checkPackName(place: PackPlace): void {
  if (!/^[0-9a-z/-]{1,128}$/.test(place.pack)) throw badPlace(place)
}

/** Throws `bad-place` unless the place lies inside a pack of `bytes` bytes. */
export function checkBounds(place: PackPlace, bytes: number): void {
  const { offset, length } = place
  const whole = Number.isSafeInteger(offset) && Number.isSafeInteger(length)
  if (!whole || offset < 0 || length < 1 || offset + length > bytes) throw badPlace(place)
}

function badPlace({ pack, offset, length }: PackPlace): HomerollError {
  const name = pack.slice(0, 128)
  return new HomerollError('bad-place', `${length} bytes at ${offset} are not in the pack ${name}`, { status: 404 })
}
