import type { Readable } from 'node:stream'
import type { AssetId } from '../../shared/ids/index.ts'
import type {
  AssetChange,
  AssetRecord,
  Folder,
  ImportFailure,
  ImportProgress,
  NodeEvent,
  SearchHit,
  Status,
  VerifyResult,
  View,
  WatchedFolder,
} from '../../shared/schema/index.ts'
import type { Bucket } from '../../shared/time/index.ts'

/** A rendition held in memory. `version` as in `Thumbnail`: 0 is the file's own stand-in, 1 and up were rendered. */
export interface Picture {
  bytes: Uint8Array
  mime: string
  version: number
}

/** An original (or a live photo's motion part) that can be streamed in ranges. */
export interface OriginalBytes {
  /** Length of the whole, in bytes. */
  bytes: number
  mime: string
  fileName: string
  /** Hexadecimal, 64 digits. */
  sha256: string
  /** A stream of `start..end`, end inclusive; without a range, of everything. The caller reads it or destroys it. */
  open(range?: { start: number; end: number }): Promise<Readable>
}

/** What became of an upload. `refused` is the picture's fault, with a code such as `unsupported` or `damaged`. */
export type IntakeOutcome =
  { status: 'new' | 'duplicate'; id: AssetId } | { status: 'refused'; code: string; message: string }

interface ChangeResult {
  /** Assets that the change reached. */
  changed: number
  /** Ids in the change that no asset has. */
  unknown: AssetId[]
}

interface ExportResult {
  exported: number
  /** Already there with the same content. */
  present: number
  failed: ImportFailure[]
}

interface DeviceRecord {
  id: string
  name: string
  /** This device. */
  self: boolean
  connected: boolean
  /** ISO 8601; null where never. */
  lastSeen: string | null
}

interface JobReport {
  pending: number
  running: number
  failed: number
  /** The newest failures, at most 1,000. */
  failures: { id: AssetId; kind: string; code: string; message: string }[]
}

/** What a person says on the first-run cards. */
interface Setup {
  /** The family's name. */
  spaceName: string
  /** This device's name; left out, it keeps the one it has. */
  deviceName?: string
  /** Who founds the household; may be left for later. */
  memberName?: string
}

/**
 * Everything that the HTTP door asks of the rest of the node. Faults are `HomerollError`: their `status` and `code` reach
 * the caller. Nothing here may compute on the main thread; what is big comes as ready-made JSON bytes.
 */
export interface NodeServices {
  status(): Promise<Status>
  /** JSON bytes of a `Timeline`. */
  timeline(view: View): Promise<Uint8Array>
  /** JSON bytes of `BucketColumns`; a month without assets has empty columns. */
  bucket(bucket: Bucket, view: View): Promise<Uint8Array>
  /** Every asset of a view as newline-delimited JSON of `AssetRecord`, in chunks of whole lines. */
  assets(view: View, signal: AbortSignal): AsyncIterable<Uint8Array>
  /** Assets that are held but cannot be shown, those that came last first; `limit` 1 to 1,000. */
  damaged(limit: number): Promise<AssetRecord[]>
  asset(id: AssetId): Promise<AssetRecord | null>
  search(query: string, limit: number): Promise<SearchHit[]>

  /** A keyed read of tens of microseconds, hence synchronous. */
  thumbnail(id: AssetId): Picture | null
  /** Null while not rendered. */
  preview(id: AssetId): Promise<Picture | null>
  /** Null where this device does not hold it. */
  original(id: AssetId): Promise<OriginalBytes | null>
  /** The moving part of a live photo; null for any other asset, or where it is not held. */
  motion(id: AssetId): Promise<OriginalBytes | null>

  change(change: AssetChange): Promise<ChangeResult>
  /**
   * Takes one original in. Resolves once it is safe; a stream that fails or an aborted signal leaves nothing behind.
   * `fileTime` is the file's modification time as the sender knows it.
   */
  intake(stream: Readable, fileName: string, fileTime: Date | null, signal: AbortSignal): Promise<IntakeOutcome>

  imports: {
    start(paths: string[], options: { inPlace: boolean }): Promise<ImportProgress>
    list(): Promise<ImportProgress[]>
    get(id: string): Promise<ImportProgress | null>
    /** Null where there is no such import. */
    stop(id: string): Promise<ImportProgress | null>
    resume(id: string): Promise<ImportProgress | null>
  }
  watches: {
    list(): Promise<WatchedFolder[]>
    add(path: string, options: { copy: boolean }): Promise<WatchedFolder>
    /** False where the folder was not watched. Assets stay. */
    remove(path: string): Promise<boolean>
  }
  /** What a folder of this machine holds, for choosing one; null asks for the usual starting point. */
  folder(path: string | null): Promise<Folder>

  setUp(setup: Setup): Promise<Status>
  verify(options: { repair: boolean }, signal: AbortSignal): Promise<VerifyResult>
  exportTo(path: string, signal: AbortSignal): Promise<ExportResult>
  /** True once nothing is left to do; false when `seconds` passed first. */
  idle(seconds: number, signal: AbortSignal): Promise<boolean>
  /** Resolves when the new index is in use. */
  rebuildIndex(): Promise<{ assets: number }>
  devices(): Promise<DeviceRecord[]>
  jobs(): Promise<JobReport>
  /** Returns the way to stop listening. */
  events(listener: (event: NodeEvent) => void): () => void
}
