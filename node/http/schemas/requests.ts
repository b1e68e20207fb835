import Type from 'typebox'
import { LocalDateTime, views, type View } from '../../../shared/schema/index.ts'

const closed = { additionalProperties: false }

export const AssetIdText = Type.String({ pattern: '^[0-9a-f]{32}$' })
/** A path on this machine, absolute: what it means must not depend on where the node was started. */
const Path = Type.String({ minLength: 1, maxLength: 4096, pattern: '^(/|[A-Za-z]:[\\\\/]|\\\\\\\\)[^\\x00]*$' })
const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

export const IdParams = Type.Object({ id: AssetIdText })
export const BucketParams = Type.Object({ bucket: Type.String({ pattern: '^\\d{4}-(0[1-9]|1[0-2])$' }) })
export const ImportParams = Type.Object({ id: Type.String({ pattern: '^[\\w-]{1,64}$' }) })

const ViewName = Type.Unsafe<View>(Type.Enum([...views], { default: 'all' }))
export const ViewQuery = Type.Object({ view: Type.Optional(ViewName) })
export const AssetsQuery = Type.Object({
  view: Type.Optional(ViewName),
  /** Instead of a view: the assets in this state, in whatever view they are. */
  state: Type.Optional(Type.Literal('damaged')),
})
export const PictureQuery = Type.Object({
  /** Version that the caller's address stands for. */
  v: Type.Optional(Type.Integer({ minimum: 0, maximum: 1e6 })),
})
export const OriginalQuery = Type.Object({
  /** 1: to be saved, not shown. */
  download: Type.Optional(Type.Enum(['0', '1'])),
})
export const SearchQuery = Type.Object({
  q: Type.String({ minLength: 1, maxLength: 1000 }),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
})
export const FolderQuery = Type.Object({ path: Type.Optional(Path) })
export const WatchQuery = Type.Object({ path: Path })
export const IdleQuery = Type.Object({
  /** Seconds. */
  timeout: Type.Optional(Type.Number({ minimum: 0, maximum: 86_400, default: 300 })),
})

const Tags = Type.Array(Type.String({ minLength: 1, maxLength: 256 }), { maxItems: 256 })

export const AssetChangeBody = Type.Object(
  {
    ids: Type.Array(AssetIdText, { minItems: 1, maxItems: 10_000 }),
    set: Type.Optional(
      Type.Object(
        {
          favourite: Type.Optional(Type.Boolean()),
          archived: Type.Optional(Type.Boolean()),
          trashed: Type.Optional(Type.Boolean()),
          hidden: Type.Optional(Type.Boolean()),
          rating: Type.Optional(Nullable(Type.Integer({ minimum: 0, maximum: 5 }))),
          caption: Type.Optional(Nullable(Type.String({ maxLength: 8192 }))),
          takenAt: Type.Optional(Nullable(LocalDateTime)),
        },
        closed,
      ),
    ),
    addTags: Type.Optional(Tags),
    removeTags: Type.Optional(Tags),
  },
  closed,
)
export const ImportBody = Type.Object(
  { paths: Type.Array(Path, { minItems: 1, maxItems: 1000 }), inPlace: Type.Optional(Type.Boolean()) },
  closed,
)
export const WatchBody = Type.Object({ path: Path, copy: Type.Optional(Type.Boolean()) }, closed)
const Name = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' })
export const SetupBody = Type.Object(
  { spaceName: Name, deviceName: Type.Optional(Name), memberName: Type.Optional(Name) },
  closed,
)
export const VerifyBody = Type.Object({ repair: Type.Optional(Type.Boolean()) }, closed)
export const ExportBody = Type.Object({ path: Path }, closed)
export const SessionBody = Type.Object({ token: Type.String({ minLength: 1, maxLength: 256 }) }, closed)
