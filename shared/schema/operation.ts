import Type, { type Static } from 'typebox'
import { Facts, LocalDateTime } from './facts.ts'

/** The version of frames and operations that this code writes. */
export const FRAME_VERSION = 1
/** Limits of one frame, checked before anything of it is decoded or merged. */
export const MAX_FRAME_BYTES = 256 * 1024
export const MAX_FRAME_OPERATIONS = 100

const AssetIdText = Type.String({ pattern: '^[0-9a-f]{32}$' })
const Hex = (bytes: number) => Type.String({ pattern: `^[0-9a-f]{${bytes * 2}}$` })
const StampNumber = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** Where a rendition lies: `length` bytes at `offset` of a pack in a device's drive. */
export const RenditionPlace = Type.Object(
  {
    drive: Type.String({ maxLength: 128 }),
    pack: Type.String({ maxLength: 128, pattern: '^[0-9a-z/-]+$' }),
    offset: Type.Integer({ minimum: 0 }),
    length: Type.Integer({ minimum: 1, maximum: 32 * 1024 * 1024 }),
    mime: Type.String({ maxLength: 64 }),
    width: Type.Integer({ minimum: 1 }),
    height: Type.Integer({ minimum: 1 }),
  },
  { additionalProperties: false },
)
export type RenditionPlace = Static<typeof RenditionPlace>

/** The original of an asset was taken in: grow-only, keyed by content hash; the earliest writer's words stand. */
export const AssetAdded = Type.Object({
  kind: Type.Literal('asset.added'),
  /** Full SHA-256 of the original; its first 16 bytes are the asset's id. */
  sha256: Hex(32),
  sha1: Hex(20),
  bytes: Type.Integer({ minimum: 1 }),
  mime: Type.String({ maxLength: 64 }),
  type: Type.Union([Type.Literal('photo'), Type.Literal('video')]),
  fileName: Type.String({ minLength: 1, maxLength: 1024 }),
})

/** What the file says of itself; the highest `version` stands, so a better reader replaces an older one everywhere. */
export const AssetFacts = Type.Object({
  kind: Type.Literal('asset.facts'),
  asset: AssetIdText,
  /** Of the reader: 1 the first view, 2 and up the authority. */
  version: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  facts: Facts,
})

/** Derived pictures of an asset; the highest `version` stands. */
export const AssetRenditions = Type.Object({
  kind: Type.Literal('asset.renditions'),
  asset: AssetIdText,
  version: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  /** ThumbHash bytes in base64: about 25 bytes that paint a placeholder. */
  thumbhash: Type.String({ maxLength: 64 }),
  thumbnail: RenditionPlace,
  preview: RenditionPlace,
})

/** The original is held but could not be shown by the renderer of this `version`, and why. */
export const AssetDamaged = Type.Object({
  kind: Type.Literal('asset.damaged'),
  asset: AssetIdText,
  version: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  code: Type.String({ maxLength: 64 }),
  message: Type.String({ maxLength: 1024 }),
})

/** What this device says of its own copy of an original; its latest word stands. */
export const OriginalCustody = Type.Object({
  kind: Type.Literal('original.custody'),
  asset: AssetIdText,
  state: Type.Union([Type.Literal('held'), Type.Literal('absent'), Type.Literal('corrupt')]),
})

/** One register of an asset: the last writer wins on (stamp, device). */
export const AssetSet = Type.Object({
  kind: Type.Literal('asset.set'),
  asset: AssetIdText,
  /** Null takes the person's own value back: the file's stands again, or the default. */
  change: Type.Union([
    Type.Object({ field: Type.Literal('favourite'), value: Type.Boolean() }),
    Type.Object({ field: Type.Literal('archived'), value: Type.Boolean() }),
    Type.Object({ field: Type.Literal('trashed'), value: Type.Boolean() }),
    Type.Object({ field: Type.Literal('hidden'), value: Type.Boolean() }),
    Type.Object({ field: Type.Literal('rating'), value: Nullable(Type.Integer({ minimum: 0, maximum: 5 })) }),
    Type.Object({ field: Type.Literal('caption'), value: Nullable(Type.String({ maxLength: 8192 })) }),
    Type.Object({ field: Type.Literal('takenAt'), value: Nullable(LocalDateTime) }),
  ]),
})

/** Adds a tag; the addition is named by its own (stamp, device). */
export const TagAdded = Type.Object({
  kind: Type.Literal('tag.added'),
  asset: AssetIdText,
  tag: Type.String({ minLength: 1, maxLength: 256 }),
})

/** Removes the additions of a tag that its author had seen, and no others: observed-remove. */
export const TagRemoved = Type.Object({
  kind: Type.Literal('tag.removed'),
  asset: AssetIdText,
  tag: Type.String({ minLength: 1, maxLength: 256 }),
  seen: Type.Array(Type.Object({ stamp: StampNumber, device: Type.String({ maxLength: 128 }) }), { maxItems: 1000 }),
})

/** Names, the last writer wins: of the household, or of the device that writes. */
export const NameSet = Type.Object({
  kind: Type.Literal('name.set'),
  of: Type.Union([Type.Literal('household'), Type.Literal('device'), Type.Literal('member')]),
  /** The device or member named; the space id for the household. */
  id: Type.String({ minLength: 1, maxLength: 128 }),
  name: Type.String({ minLength: 1, maxLength: 128 }),
})

/** Every operation this version knows, by kind. Others are kept, relayed and replayed after an upgrade. */
export const operationSchemas = {
  'asset.added': AssetAdded,
  'asset.facts': AssetFacts,
  'asset.renditions': AssetRenditions,
  'asset.damaged': AssetDamaged,
  'original.custody': OriginalCustody,
  'asset.set': AssetSet,
  'tag.added': TagAdded,
  'tag.removed': TagRemoved,
  'name.set': NameSet,
} as const

export type OperationKind = keyof typeof operationSchemas
export type Operation = { [K in OperationKind]: Static<(typeof operationSchemas)[K]> }[OperationKind]
export type OperationOf<K extends OperationKind> = Extract<Operation, { kind: K }>

/** An operation that this version does not know: anything with a kind. */
export interface UnknownOperation {
  kind: string
  [field: string]: unknown
}

/** One block of a log: at most 100 operations and 256 KiB; operation `i` bears the stamp `hlc + i`. */
export interface Frame {
  v: number
  /** Stamp of the first operation. */
  hlc: number
  ops: (Operation | UnknownOperation)[]
}
