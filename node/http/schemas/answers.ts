import Type from 'typebox'
import { AssetIdText } from './requests.ts'

// What answers look like, for `GET /api/openapi.json`. The types that the code works with are in shared/schema/api.ts.

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const text = Type.String()
const number = Type.Number()
const count = Type.Integer({ minimum: 0 })
const flag = Type.Boolean()
const list = <T extends Type.TSchema>(schema: T) => Type.Array(schema)
const Kind = Type.Enum(['photo', 'video', 'live'])
const unknownText = Nullable(text)
const unknownNumber = Nullable(number)
const Named = Type.Object({ id: text, name: text })
const Problem = Type.Object({ code: text, message: text })

export const ApiErrorAnswer = Problem

export const TimelineAnswer = Type.Object({
  view: text,
  total: count,
  buckets: list(Type.Object({ bucket: text, count, ratioSum: number })),
})

export const BucketAnswer = Type.Object({
  bucket: text,
  id: list(AssetIdText),
  takenAt: list(text),
  ratio: list(number),
  type: list(Kind),
  durationMs: list(unknownNumber),
  favourite: list(flag),
  thumbhash: list(unknownText),
  ready: list(flag),
})

const record = {
  id: AssetIdText,
  sha256: text,
  sha1: text,
  fileName: text,
  type: Kind,
  mime: text,
  bytes: count,
  width: unknownNumber,
  height: unknownNumber,
  durationMs: unknownNumber,
  takenAt: text,
  timeZone: unknownText,
  latitude: unknownNumber,
  longitude: unknownNumber,
  city: unknownText,
  region: unknownText,
  country: unknownText,
  make: unknownText,
  model: unknownText,
  lens: unknownText,
  iso: unknownNumber,
  fNumber: unknownNumber,
  exposure: unknownText,
  focalLengthMm: unknownNumber,
  rating: unknownNumber,
  description: unknownText,
  favourite: flag,
  archived: flag,
  trashed: flag,
  hidden: flag,
  tags: list(text),
  people: list(text),
  motionSha1: unknownText,
  copies: count,
  state: Type.Enum(['pending', 'ready', 'damaged']),
  problem: Nullable(Problem),
}
export const AssetAnswer = Type.Object(record)
export const SearchAnswer = list(Type.Object({ ...record, score: number, why: list(text) }))
export const ChangeAnswer = Type.Object({ changed: count, unknown: list(AssetIdText) })
export const UploadAnswer = Type.Object({ id: AssetIdText, status: Type.Enum(['new', 'duplicate']) })

const Failure = Type.Object({ path: text, code: text, message: text })
export const ImportAnswer = Type.Object({
  id: text,
  paths: list(text),
  inPlace: flag,
  state: Type.Enum(['looking', 'running', 'waiting', 'stopped', 'done']),
  reason: unknownText,
  startedAt: text,
  finishedAt: unknownText,
  files: Type.Object({
    found: count,
    done: count,
    imported: count,
    duplicates: count,
    failed: count,
    rendered: count,
  }),
  bytes: Type.Object({ found: count, done: count }),
  rate: Type.Object({ filesPerSecond: number, bytesPerSecond: number }),
  secondsLeft: unknownNumber,
  failures: list(Failure),
})
export const ImportsAnswer = list(ImportAnswer)

export const WatchAnswer = Type.Object({
  path: text,
  copy: flag,
  state: Type.Enum(['watching', 'scanning', 'away']),
  assets: count,
  absent: count,
})
export const WatchesAnswer = list(WatchAnswer)

const Place = Type.Object({ name: text, path: text })
export const FolderAnswer = Type.Object({
  path: text,
  parent: unknownText,
  folders: list(Place),
  pictures: count,
  places: list(Place),
})

export const StatusAnswer = Type.Object({
  version: text,
  device: Named,
  space: Nullable(Named),
  members: list(Named),
  assets: count,
  bytes: count,
  held: count,
  damaged: count,
  jobs: Type.Object({ pending: count, running: count, failed: count }),
  peers: list(Type.Object({ deviceId: text, name: text, connected: flag, lastSeen: unknownText })),
  pendingSync: Type.Object({ frames: count, renditions: count, originals: count, bytes: count }),
  copies: Type.Object({ target: count, below: count }),
  disk: Type.Object({ free: count, total: count }),
  warnings: list(Problem),
})

const Held = list(Type.Object({ id: AssetIdText, path: text }))
export const VerifyAnswer = Type.Object({ checked: count, corrupt: Held, repaired: count, missing: Held })
export const ExportAnswer = Type.Object({ exported: count, present: count, failed: list(Failure) })
export const IdleAnswer = Type.Object({ idle: flag })
export const RebuildAnswer = Type.Object({ assets: count })
export const DevicesAnswer = list(
  Type.Object({ id: text, name: text, self: flag, connected: flag, lastSeen: unknownText }),
)
export const JobsAnswer = Type.Object({
  pending: count,
  running: count,
  failed: count,
  failures: list(Type.Object({ id: AssetIdText, kind: text, code: text, message: text })),
})
export const SessionAnswer = Type.Object({ csrf: text })
export const LaunchAnswer = Type.Object({ url: text })
