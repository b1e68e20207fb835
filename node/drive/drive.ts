/** Where a stretch of bytes lies in a drive. */
export interface PackPlace {
  pack: string
  offset: number
  length: number
}

/**
 * Renditions that this device made, in packs: many small pictures in one entry. One writer: calls may overlap, the
 * implementation takes them one after another.
 */
export interface Drive {
  /**
   * Writes `pieces` as one new pack and resolves with a place for each, in order, once they would survive a power cut.
   * Rejects with `disk-full`; then the pack does not exist.
   */
  putPack(pieces: Uint8Array[]): Promise<PackPlace[]>
  /** The bytes of a place; null where the pack is not held. Rejects with `bad-place` outside the pack. */
  get(place: PackPlace): Promise<Uint8Array | null>
  stats(): Promise<{ packs: number; bytes: number }>
  close(): Promise<void>
}
