import fc from 'fast-check'
import type { LogBlock } from '../../node/catalogue/index.ts'
import type { Facts, Frame, Operation, OperationOf, UnknownOperation } from '../../shared/schema/index.ts'

/** What several devices wrote: for each, the frames of its log. */
export type History = Record<string, Frame[]>

/** The wall clock of the histories, ms; their stamps lie close around it, so that writes collide. */
export const NOW = Date.UTC(2026, 5, 1)
export const DEVICES = ['ann', 'bob', 'own']
const SECOND = 1e6

// The first two share the half of their SHA-256 that names the asset: contents that conflict under one id.
const SHA256S = ['aa'.repeat(32), 'aa'.repeat(16) + 'bb'.repeat(16), 'cc'.repeat(32), 'dd'.repeat(32)]
export const ASSETS = ['aa'.repeat(16), 'cc'.repeat(16), 'dd'.repeat(16)]

const asset = fc.constantFrom(...ASSETS)
const version = fc.integer({ min: 1, max: 3 })
const tag = fc.constantFrom('sea', 'Snow', '__proto__')
const dateTime = fc.constantFrom(
  '2024-07-31T18:05:12',
  '2024-07-31T18:05:12.5',
  '2019-01-01T00:00:00',
  '2024-13-45T99:00:00',
)
const stamp = fc.integer({ min: 0, max: 6 }).map(n => NOW * 1000 + n)

const facts: fc.Arbitrary<Facts> = fc.record({
  takenAt: dateTime,
  takenAtSource: fc.constantFrom('metadata' as const, 'file' as const),
  timeZone: fc.constant(null),
  width: fc.constantFrom(0, 4000, 3000),
  height: fc.constantFrom(3000, 100),
  durationMs: fc.constantFrom(null, 3000),
  latitude: fc.constant(null),
  longitude: fc.constantFrom(null, 11.5),
  make: fc.constantFrom(null, 'Canon'),
  model: fc.constant(null),
  lens: fc.constant(null),
  iso: fc.constant(null),
  fNumber: fc.constant(2.8),
  exposure: fc.constant('1/250'),
  focalLengthMm: fc.constant(null),
  rating: fc.constantFrom(null, 4),
  description: fc.constantFrom(null, 'Grandma at the lake'),
  keywords: fc.subarray(['sea', 'Snow']),
  orientation: fc.constant(1),
})

const place = fc.integer({ min: 0, max: 2 }).map(n => ({
  drive: `drive-${n}`,
  pack: 'packs/0',
  offset: n,
  length: 10,
  mime: 'image/webp',
  width: 480,
  height: 360,
}))

type Change = OperationOf<'asset.set'>['change']
const change: fc.Arbitrary<Change> = fc.oneof(
  ...(['favourite', 'archived', 'trashed', 'hidden'] as const).map(field =>
    fc.boolean().map((value): Change => ({ field, value })),
  ),
  fc.constantFrom(null, 1, 5).map((value): Change => ({ field: 'rating', value })),
  fc.constantFrom(null, '', 'a caption').map((value): Change => ({ field: 'caption', value })),
  fc.option(dateTime).map((value): Change => ({ field: 'takenAt', value })),
)
const seen = fc.array(
  fc.oneof(fc.record({ stamp, device: fc.constantFrom(...DEVICES) }), fc.constant({ stamp: 0, device: 'file' })),
  { maxLength: 4 },
)

const operation: fc.Arbitrary<Operation | UnknownOperation> = fc.oneof(
  fc.record({
    kind: fc.constant('asset.added' as const),
    sha256: fc.constantFrom(...SHA256S),
    sha1: fc.constantFrom('11'.repeat(20), '22'.repeat(20)),
    bytes: fc.integer({ min: 1, max: 3 }),
    mime: fc.constant('image/jpeg'),
    type: fc.constantFrom('photo' as const, 'video' as const),
    fileName: fc.constantFrom('a.jpg', 'b.jpg'),
  }),
  fc.record({ kind: fc.constant('asset.facts' as const), asset, version, facts }),
  fc.record({
    kind: fc.constant('asset.renditions' as const),
    asset,
    version,
    thumbhash: fc.constantFrom('AAAA', 'BBBB'),
    thumbnail: place,
    preview: place,
  }),
  fc.record({
    kind: fc.constant('asset.damaged' as const),
    asset,
    version,
    code: fc.constantFrom('cut', 'empty'),
    message: fc.constant('it ends too soon'),
  }),
  fc.record({
    kind: fc.constant('original.custody' as const),
    asset,
    state: fc.constantFrom('held' as const, 'absent' as const, 'corrupt' as const),
  }),
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('asset.set' as const), asset, change }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('tag.added' as const), asset, tag }) },
  fc.record({ kind: fc.constant('tag.removed' as const), asset, tag, seen }),
  fc.record({
    kind: fc.constant('name.set' as const),
    of: fc.constantFrom('household' as const, 'device' as const),
    id: fc.constantFrom('x', 'y'),
    name: fc.constantFrom('Rossi', 'Bianchi'),
  }),
  fc.constant({ kind: 'asset.sparkles', asset: ASSETS[0] as string, glitter: 3 }),
)

/** Stamps collide between devices and, as from a faulty one, within a device; some frames lie two days ahead. */
const frame: fc.Arbitrary<Frame> = fc.record({
  v: fc.constant(1),
  hlc: fc.oneof(
    { weight: 8, arbitrary: stamp },
    stamp.map(at => at + 48 * 3600 * SECOND),
  ),
  ops: fc.array(operation, { minLength: 1, maxLength: 4 }),
})

export const history: fc.Arbitrary<History> = fc
  .tuple(...DEVICES.map(() => fc.array(frame, { maxLength: 4 })))
  .map(logs => Object.fromEntries(DEVICES.map((device, i) => [device, logs[i] ?? []])))

/** The blocks in an order of its own: each log in its order, the logs mixed by `draws`. */
export function mixed(logs: History, encode: (frame: Frame) => Uint8Array, draws: number[]): LogBlock[] {
  const rest = Object.entries(logs).map(([device, frames]) => ({ device, frames, seq: 0 }))
  const blocks: LogBlock[] = []
  for (let i = 0; ; i++) {
    const open = rest.filter(log => log.seq < log.frames.length)
    const log = open[(draws[i % Math.max(1, draws.length)] ?? 0) % Math.max(1, open.length)]
    if (!log) return blocks
    blocks.push({ device: log.device, seq: log.seq, block: encode(log.frames[log.seq] as Frame) })
    log.seq++
  }
}

/** Cuts blocks into batches by `draws`, some of them given twice. */
export function batched(blocks: LogBlock[], draws: number[]): LogBlock[][] {
  const batches: LogBlock[][] = []
  for (let from = 0, i = 0; from < blocks.length; i++) {
    const draw = draws[i % Math.max(1, draws.length)] ?? 0
    const batch = blocks.slice(from, from + 1 + (draw % 5))
    batches.push(batch)
    if (draw % 3 === 0) batches.push(batch)
    from += batch.length
  }
  return batches
}

export const draws: fc.Arbitrary<number[]> = fc.array(fc.nat(1000), { minLength: 1, maxLength: 12 })
