import type { AssetState, Register, Registers, Written } from '../catalogue/index.ts'
import type { AssetId } from '../../shared/ids/index.ts'
import type { Facts, RenditionPlace } from '../../shared/schema/index.ts'

/** Numbers for the device and drive names that every row repeats. */
export interface Labels {
  numberOf(text: string): number
  textOf(n: number): string
}

type Stamped = [stamp: number, device: number]
type PackedPlace = [drive: number, ...rest: (string | number)[]]

interface Packed {
  /** Added: stamp, device, the half of the SHA-256 that the id lacks, SHA-1, bytes, mime, is video, file name. */
  a?: [number, number, string, string, number, string, 0 | 1, string]
  /** Facts: stamp, device, version, and their values in the order of `factFields`. */
  f?: [number, number, number, unknown[]]
  /** Renditions: stamp, device, version, thumbhash, thumbnail, preview. */
  r?: [number, number, number, string, PackedPlace, PackedPlace]
  /** Damage: stamp, device, version, code, message. */
  d?: [number, number, number, string, string]
  /** Registers, by name: stamp, device, value. */
  s?: Record<string, [number, number, unknown]>
  /** Tags: name, live additions, removed additions. */
  t?: [string, Stamped[], Stamped[]][]
  /** Custody: device, stamp, state. */
  c?: [number, number, 'held' | 'absent' | 'corrupt'][]
}

const factFields = [
  'takenAt',
  'takenAtSource',
  'timeZone',
  'width',
  'height',
  'durationMs',
  'latitude',
  'longitude',
  'make',
  'model',
  'lens',
  'iso',
  'fNumber',
  'exposure',
  'focalLengthMm',
  'rating',
  'description',
  'keywords',
  'orientation',
] as const satisfies (keyof Facts)[]

/** The state as text of a few hundred bytes. */
export function packState(state: AssetState, labels: Labels): string {
  const { added, facts, renditions, damage, registers, tags, custody } = state
  const by = (written: Written): Stamped => [written.stamp, labels.numberOf(written.device)]
  const packed: Packed = {}
  if (added) {
    const { sha256, sha1, bytes, mime, type, fileName } = added
    packed.a = [...by(added), sha256.slice(32), sha1, bytes, mime, type === 'video' ? 1 : 0, fileName]
  }
  if (facts) packed.f = [...by(facts), facts.version, factFields.map(field => facts.facts[field])]
  if (renditions) {
    const { version, thumbhash, thumbnail, preview } = renditions
    packed.r = [...by(renditions), version, thumbhash, packPlace(thumbnail, labels), packPlace(preview, labels)]
  }
  if (damage) packed.d = [...by(damage), damage.version, damage.code, damage.message]
  const set = Object.entries(registers) as [string, Register<unknown>][]
  if (set.length > 0) {
    packed.s = {}
    for (const [field, register] of set) packed.s[field] = [...by(register), register.value]
  }
  if (tags.size > 0) packed.t = [...tags].map(([name, tag]) => [name, tag.live.map(by), tag.removed.map(by)])
  if (custody.size > 0)
    packed.c = [...custody].map(([device, { stamp, state: held }]) => [labels.numberOf(device), stamp, held])
  return JSON.stringify(packed)
}

export function unpackState(id: AssetId, text: string, labels: Labels): AssetState {
  const { a, f, r, d, s, t, c } = JSON.parse(text) as Packed
  const by = (stamp: number, device: number): Written => ({ stamp, device: labels.textOf(device) })
  return {
    id,
    added: a
      ? {
          ...by(a[0], a[1]),
          sha256: id + a[2],
          sha1: a[3],
          bytes: a[4],
          mime: a[5],
          type: a[6] ? 'video' : 'photo',
          fileName: a[7],
        }
      : null,
    facts: f ? { ...by(f[0], f[1]), version: f[2], facts: unpackFacts(f[3]) } : null,
    renditions: r
      ? {
          ...by(r[0], r[1]),
          version: r[2],
          thumbhash: r[3],
          thumbnail: unpackPlace(r[4], labels),
          preview: unpackPlace(r[5], labels),
        }
      : null,
    damage: d ? { ...by(d[0], d[1]), version: d[2], code: d[3], message: d[4] } : null,
    registers: unpackRegisters(s ?? {}, by),
    tags: new Map(
      (t ?? []).map(([name, live, removed]) => [
        name,
        { live: live.map(entry => by(...entry)), removed: removed.map(entry => by(...entry)) },
      ]),
    ),
    custody: new Map((c ?? []).map(([device, stamp, state]) => [labels.textOf(device), { stamp, state }])),
  }
}

function unpackRegisters(packed: NonNullable<Packed['s']>, by: (stamp: number, device: number) => Written): Registers {
  const registers: Record<string, unknown> = {}
  for (const [field, [stamp, device, value]] of Object.entries(packed))
    registers[field] = { ...by(stamp, device), value }
  return registers
}

function packPlace({ drive, pack, offset, length, mime, width, height }: RenditionPlace, labels: Labels): PackedPlace {
  return [labels.numberOf(drive), pack, offset, length, mime, width, height]
}

function unpackPlace(packed: PackedPlace, labels: Labels): RenditionPlace {
  const [drive, pack, offset, length, mime, width, height] = packed as [
    number,
    string,
    number,
    number,
    string,
    number,
    number,
  ]
  return { drive: labels.textOf(drive), pack, offset, length, mime, width, height }
}

function unpackFacts(values: unknown[]): Facts {
  const facts: Record<string, unknown> = {}
  for (const [i, field] of factFields.entries()) facts[field] = values[i]
  return facts as Facts
}
