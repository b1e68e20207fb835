import type { DatabaseSync } from 'node:sqlite'
import type { AssetState, CatalogueState, Deferred, NameState, Position } from '../catalogue/index.ts'
import { fromHex, toHex, type AssetId } from '../../shared/ids/index.ts'
import type { Bucket } from '../../shared/time/index.ts'
import { createLabels } from './labels.ts'
import { placementOf, type Placement, type Wanted } from './placement.ts'
import { createPlacementWriter } from './placement-writer.ts'
import { packState, unpackState } from './state-codec.ts'

/** The catalogue's state in the database: kept in memory while blocks are applied, written by `flush`. */
export interface SqliteState extends CatalogueState {
  /** Writes what changed, inside the caller's transaction; tells which buckets it touched. */
  flush(): Bucket[]
  /** Forgets what was not written, after a transaction was undone. */
  reset(): void
  /** Whether an asset shows now, as merged so far. */
  shows(id: AssetId): boolean
}

interface Held {
  /** Null for an asset that has no row yet. */
  n: number | null
  state: AssetState
  before: Placement | null
  changed: boolean
}

export function createSqliteState(db: DatabaseSync, wanted: Wanted): SqliteState {
  const labels = createLabels(db)
  const placements = createPlacementWriter(db, labels)
  const held = new Map<AssetId, Held>()
  const positions = new Map<string, Position>()
  let newest: number | undefined
  const statements = {
    asset: db.prepare('SELECT n, state FROM asset WHERE id = ?'),
    addAsset: db.prepare('INSERT INTO asset (id, state) VALUES (?, ?)'),
    setAsset: db.prepare('UPDATE asset SET state = ? WHERE n = ?'),
    name: db.prepare('SELECT kind, id, name, stamp, device FROM name WHERE kind = ? AND id = ?'),
    putName: db.prepare('INSERT OR REPLACE INTO name VALUES (?, ?, ?, ?, ?)'),
    position: db.prepare('SELECT length, last FROM position WHERE device = ?'),
    putPosition: db.prepare('INSERT OR REPLACE INTO position VALUES (?, ?, ?)'),
    meta: db.prepare('SELECT value FROM meta WHERE key = ?'),
    putMeta: db.prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)'),
    defer: db.prepare('INSERT OR REPLACE INTO deferred VALUES (?, ?, ?, ?, ?)'),
    due: db.prepare('SELECT device, seq, reason, stamp, block FROM deferred WHERE reason = ? AND stamp <= ?'),
    undefer: db.prepare('DELETE FROM deferred WHERE reason = ? AND stamp <= ?'),
  }
  const meta = (key: string) => (statements.meta.get(key) as { value: number } | undefined)?.value ?? 0

  function load(id: AssetId): Held | undefined {
    const known = held.get(id)
    if (known) return known
    const row = statements.asset.get(fromHex(id)) as { n: number; state: string } | undefined
    if (!row) return undefined
    const state = unpackState(id, row.state, labels)
    const found = { n: row.n, state, before: placementOf(state, wanted), changed: false }
    held.set(id, found)
    return found
  }

  function write({ n, state, before }: Held): void {
    const id = fromHex(state.id)
    const packed = packState(state, labels)
    if (n === null) n = Number(statements.addAsset.run(id, packed).lastInsertRowid)
    else statements.setAsset.run(packed, n)
    placements.change(n, id, before, placementOf(state, wanted))
  }

  function reset(): void {
    held.clear()
    positions.clear()
    newest = undefined
    labels.reset()
    placements.reset()
  }

  return {
    asset: id => load(id)?.state,
    putAsset(state) {
      const known = held.get(state.id)
      if (known) known.changed = true
      else held.set(state.id, { n: null, state, before: null, changed: true })
    },
    shows: id => load(id)?.state.added != null,
    name(of, id) {
      const row = statements.name.get(of, id) as (Omit<NameState, 'of'> & { kind: NameState['of'] }) | undefined
      return row && { of: row.kind, id: row.id, name: row.name, stamp: row.stamp, device: row.device }
    },
    putName: ({ of, id, name, stamp, device }) => void statements.putName.run(of, id, name, stamp, device),
    position(device) {
      const known = positions.get(device)
      if (known) return known
      const row = statements.position.get(device) as { length: number; last: string } | undefined
      return row && { length: row.length, lastBlock: row.last }
    },
    putPosition: (device, position) => void positions.set(device, position),
    newestStamp: () => (newest ??= meta('newest')),
    putNewestStamp: stamp => void (newest = stamp),
    rulesVersion: () => meta('rules'),
    putRulesVersion: version => void statements.putMeta.run('rules', version),
    defer: ({ device, seq, reason, stamp, block }) => void statements.defer.run(device, seq, reason, stamp, block),
    takeDeferred(reasons, upTo) {
      const limit = Math.min(upTo, Number.MAX_SAFE_INTEGER)
      return reasons.flatMap(reason => {
        const due = statements.due.all(reason, limit) as unknown as Deferred[]
        if (due.length > 0) statements.undefer.run(reason, limit)
        return due
      })
    },
    flush() {
      for (const entry of held.values()) if (entry.changed) write(entry)
      for (const [device, { length, lastBlock }] of positions) statements.putPosition.run(device, length, lastBlock)
      if (newest !== undefined) statements.putMeta.run('newest', newest)
      const buckets = placements.finish()
      reset()
      return buckets
    },
    reset,
  }
}

/** Bytes of an id column as an id. */
export function idOf(bytes: unknown): AssetId {
  return toHex(bytes as Uint8Array)
}
