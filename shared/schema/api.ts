/** What passes between node and app over HTTP, and between node and scripts: see `GET /api/openapi.json`. */
import type { AssetId } from '../ids/index.ts'
import type { Bucket } from '../time/index.ts'

/** A way to look at the timeline. */
export type View = 'all' | 'favourites' | 'archive' | 'trash'
export const views: readonly View[] = ['all', 'favourites', 'archive', 'trash']

export interface BucketSummary {
  bucket: Bucket
  count: number
  /** Sum of width / height over the bucket, each clamped to 0.3..4: tells the height of its rows before it is loaded. */
  ratioSum: number
}

export interface Timeline {
  view: View
  total: number
  /** Newest first. */
  buckets: BucketSummary[]
}

/** A month in columns, newest first; every array has the same length. */
export interface BucketColumns {
  bucket: Bucket
  id: AssetId[]
  /** Local, `2024-07-31T18:05:12`. */
  takenAt: string[]
  /** Width / height as displayed, three decimals; 1.5 while unknown. */
  ratio: number[]
  type: ('photo' | 'video' | 'live')[]
  durationMs: (number | null)[]
  favourite: boolean[]
  /** Base64, null until rendered. */
  thumbhash: (string | null)[]
  /** False while the thumbnail is the file's own stand-in or not there yet. */
  ready: boolean[]
}

/** One asset as scripts see it; unknown is null. */
export interface AssetRecord {
  id: AssetId
  sha256: string
  sha1: string
  fileName: string
  type: 'photo' | 'video' | 'live'
  mime: string
  bytes: number
  width: number | null
  height: number | null
  durationMs: number | null
  /** ISO 8601, local to where it was taken. */
  takenAt: string
  timeZone: string | null
  latitude: number | null
  longitude: number | null
  city: string | null
  region: string | null
  country: string | null
  make: string | null
  model: string | null
  lens: string | null
  iso: number | null
  fNumber: number | null
  exposure: string | null
  focalLengthMm: number | null
  rating: number | null
  /** The person's caption, else what the file says. */
  description: string | null
  favourite: boolean
  archived: boolean
  trashed: boolean
  hidden: boolean
  tags: string[]
  people: string[]
  motionSha1: string | null
  /** Devices that hold the original. */
  copies: number
  /** `damaged`: held, but it cannot be shown; `problem` says why. */
  state: 'pending' | 'ready' | 'damaged'
  problem: { code: string; message: string } | null
}

export interface SearchHit extends AssetRecord {
  /** Higher is better. */
  score: number
  /** Which facts matched: `file name`, `caption`, `camera`, ... */
  why: string[]
}

/** What a person may change about assets, many at a time. */
export interface AssetChange {
  ids: AssetId[]
  set?: {
    favourite?: boolean
    archived?: boolean
    trashed?: boolean
    hidden?: boolean
    rating?: number | null
    caption?: string | null
    takenAt?: string | null
  }
  addTags?: string[]
  removeTags?: string[]
}

export interface ImportFailure {
  path: string
  code: string
  message: string
}

export interface ImportProgress {
  id: string
  paths: string[]
  inPlace: boolean
  /** `looking`: still counting; `stopped`: by a person, can be resumed; `waiting`: for disk space or a folder to return. */
  state: 'looking' | 'running' | 'waiting' | 'stopped' | 'done'
  /** Why it waits, in words. */
  reason: string | null
  startedAt: string
  finishedAt: string | null
  files: { found: number; done: number; imported: number; duplicates: number; failed: number; rendered: number }
  bytes: { found: number; done: number }
  /** Over the last seconds. */
  rate: { filesPerSecond: number; bytesPerSecond: number }
  /** Null while unknown. */
  secondsLeft: number | null
  /** The newest 1,000. */
  failures: ImportFailure[]
}

export interface ImportResult {
  imported: number
  duplicates: number
  failed: ImportFailure[]
}

export interface WatchedFolder {
  path: string
  copy: boolean
  /** `away`: not there now (unmounted, renamed); nothing is deleted, it is looked at again when it returns. */
  state: 'watching' | 'scanning' | 'away'
  assets: number
  absent: number
}

export interface Status {
  version: string
  device: { id: string; name: string }
  /** Null until the first-run cards are done. */
  space: { id: string; name: string } | null
  members: { id: string; name: string }[]
  assets: number
  bytes: number
  /** Originals this device holds. */
  held: number
  damaged: number
  jobs: { pending: number; running: number; failed: number }
  peers: { deviceId: string; name: string; connected: boolean; lastSeen: string | null }[]
  pendingSync: { frames: number; renditions: number; originals: number; bytes: number }
  copies: { target: number; below: number }
  disk: { free: number; total: number }
  /** What a person should know: clock set back, exiftool missing, disk nearly full. */
  warnings: { code: string; message: string }[]
}

export interface Folder {
  path: string
  parent: string | null
  folders: { name: string; path: string }[]
  /** Pictures and videos directly inside, by name, as a hint. */
  pictures: number
  /** Usual starting points of this machine. */
  places: { name: string; path: string }[]
}

export interface VerifyResult {
  checked: number
  corrupt: { id: AssetId; path: string }[]
  repaired: number
  missing: { id: AssetId; path: string }[]
}

/** Messages of `GET /api/events`: the event's name is `type`, its data the rest as JSON. */
export type NodeEvent =
  | { type: 'timeline'; /** Buckets whose content changed; null: reload everything. */ buckets: Bucket[] | null }
  | { type: 'assets'; /** Assets whose facts, flags or pictures changed. */ ids: AssetId[] }
  | { type: 'import'; progress: ImportProgress }
  | { type: 'status'; status: Status }

export interface ApiError {
  code: string
  message: string
}
