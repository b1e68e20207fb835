import type { AssetId } from '../../shared/ids/index.ts'
import type { Thumbnail, ThumbnailStore } from './thumbnail-store.ts'

/** Thumbnails that live as long as the process, for tests and simulations. */
export function createMemoryThumbnails(): ThumbnailStore {
  const held = new Map<AssetId, Thumbnail>()
  return {
    created: true,
    get(asset) {
      const found = held.get(asset)
      return found ? { ...found, bytes: Uint8Array.from(found.bytes) } : null
    },
    put(thumbnails) {
      for (const { asset, thumbnail } of thumbnails) {
        if ((held.get(asset)?.version ?? -1) > thumbnail.version) continue
        held.set(asset, { ...thumbnail, bytes: Uint8Array.from(thumbnail.bytes) })
      }
    },
    missing: (assets, version) => assets.filter(asset => (held.get(asset)?.version ?? -1) < version),
    close: () => held.clear(),
  }
}
