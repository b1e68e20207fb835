import type { DatabaseSync } from 'node:sqlite'
import type { Names, Totals } from './asset-index.ts'

interface Total {
  name: string
  assets: number
  bytes: number
}

/** Reads what is counted over everything, and the names. */
export interface TotalsReader {
  totals(): Totals
  names(): Names
}

export function createTotalsReader(db: DatabaseSync): TotalsReader {
  const totals = db.prepare('SELECT name, assets, bytes FROM total')
  const deferred = db.prepare('SELECT reason, count(*) AS blocks FROM deferred GROUP BY reason')
  const names = db.prepare('SELECT kind, id, name FROM name ORDER BY kind, id')
  return {
    totals() {
      const rows = totals.all() as unknown as Total[]
      const byName = new Map(rows.map(row => [row.name, row]))
      const assets = (name: string) => byName.get(name)?.assets ?? 0
      const waiting = new Map(
        (deferred.all() as { reason: string; blocks: number }[]).map(row => [row.reason, row.blocks]),
      )
      const held = rows.filter(({ name }) => name.startsWith('held:'))
      return {
        assets: assets('all'),
        bytes: byName.get('all')?.bytes ?? 0,
        damaged: assets('damaged'),
        trashed: assets('trashed'),
        withoutRenditions: assets('without-renditions'),
        withoutFacts: assets('without-facts'),
        held: Object.fromEntries(held.map(row => [row.name.slice(5), { assets: row.assets, bytes: row.bytes }])),
        heldBack: waiting.get('ahead') ?? 0,
        unknown: waiting.get('unknown') ?? 0,
        invalid: waiting.get('invalid') ?? 0,
      }
    },
    names() {
      const found: Names = { household: {}, device: {}, member: {} }
      for (const { kind, id, name } of names.all() as { kind: keyof Names; id: string; name: string }[])
        found[kind][id] = name
      return found
    },
  }
}
