import type { AssetId } from '../../shared/ids/index.ts'
import type { Facts, RenditionPlace } from '../../shared/schema/index.ts'
import type { Stamp } from '../../shared/time/index.ts'

/** Who wrote something and when; names an operation. */
export interface Written {
  stamp: Stamp
  device: string
}

export interface Added extends Written {
  /** Hexadecimal. */
  sha256: string
  sha1: string
  bytes: number
  mime: string
  type: 'photo' | 'video'
  fileName: string
}

export interface FactsRead extends Written {
  version: number
  facts: Facts
}

export interface Renditions extends Written {
  version: number
  /** Base64. */
  thumbhash: string
  thumbnail: RenditionPlace
  preview: RenditionPlace
}

export interface Damage extends Written {
  version: number
  code: string
  message: string
}

export interface Register<T> extends Written {
  value: T
}

/** What a person may set. Null takes the person's own value back. */
export interface Registers {
  favourite?: Register<boolean>
  archived?: Register<boolean>
  trashed?: Register<boolean>
  hidden?: Register<boolean>
  rating?: Register<number | null>
  caption?: Register<string | null>
  takenAt?: Register<string | null>
}

/** An observed-remove set of one tag: there while an addition lives. Both lists are in order and share nothing. */
export interface TagState {
  live: Written[]
  /** Removed for ever, also those whose addition has not arrived. */
  removed: Written[]
}

export interface Custody {
  stamp: Stamp
  state: 'held' | 'absent' | 'corrupt'
}

/**
 * All that the operations on one asset come to: a pure function of their set. Until its `asset.added` arrives,
 * `added` is null and the asset shows nowhere, but what was said of it counts already.
 */
export interface AssetState {
  id: AssetId
  added: Added | null
  facts: FactsRead | null
  renditions: Renditions | null
  damage: Damage | null
  registers: Registers
  tags: Map<string, TagState>
  /** By device. */
  custody: Map<string, Custody>
}

export function emptyAssetState(id: AssetId): AssetState {
  return {
    id,
    added: null,
    facts: null,
    renditions: null,
    damage: null,
    registers: {},
    tags: new Map(),
    custody: new Map(),
  }
}

/** The part of an order on writes that the stamps leave open: two contents under one name, from a faulty device. */
export function compareContents(a: unknown, b: unknown): number {
  const left = JSON.stringify(inOrder(a))
  const right = JSON.stringify(inOrder(b))
  return left < right ? -1 : left > right ? 1 : 0
}

/** The same value with the keys of its objects sorted and maps as objects, so that equal states print equally. */
export function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (value === null || typeof value !== 'object') return value
  const entries = value instanceof Map ? [...(value as Map<string, unknown>)] : Object.entries(value)
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, inOrder(inner)])
}
