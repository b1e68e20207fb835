export { combineOriginals, type OriginalsView } from './combine-originals.ts'
export { createHasher, type FileHash, type Hasher } from './hasher.ts'
export { openInPlaceOriginals, type InPlaceOriginals, type Reference } from './in-place-store.ts'
export { openLocations, type Locations } from './locations.ts'
export { createMemoryOriginals } from './memory-store.ts'
export {
  type Expected,
  type OriginalStore,
  type Placing,
  type PutOutcome,
  type Source,
  type Verdict,
} from './original-store.ts'
export { openPlainOriginals, type PlainOriginals } from './plain-file-store.ts'
export { type RescanResult } from './rescan.ts'
export { safeFileName } from './safe-name.ts'
export { createSourceJournal, type SourceJournal } from './source-journal.ts'
