import type { DatabaseSync } from 'node:sqlite'
import { createLabels } from './labels.ts'
import { LACKS_FACTS, LACKS_RENDITIONS } from './layout.ts'
import { placementOf, type Wanted } from './placement.ts'
import { idOf } from './sqlite-state.ts'
import { unpackState } from './state-codec.ts'

/**
 * Lists what lacks renditions or facts anew where the wanted versions are not those that the list was made for; only
 * after an upgrade, since it reads every asset.
 */
export function listLackingAnew(db: DatabaseSync, wanted: Wanted): void {
  const meta = db.prepare('SELECT value FROM meta WHERE key = ?')
  const made = (key: string) => (meta.get(key) as { value: number } | undefined)?.value
  if (made('wanted-renditions') === wanted.renditions && made('wanted-facts') === wanted.facts) return
  const labels = createLabels(db)
  const add = db.prepare('INSERT INTO lacking VALUES (?, ?, ?)')
  const count = db.prepare('INSERT OR REPLACE INTO total VALUES (?, ?, ?)')
  const totals = { renditions: { assets: 0, bytes: 0 }, facts: { assets: 0, bytes: 0 } }
  db.exec('DELETE FROM lacking')
  for (const row of db.prepare('SELECT id, state FROM asset').iterate()) {
    const { id, state } = row as { id: Uint8Array; state: string }
    const placement = placementOf(unpackState(idOf(id), state, labels), wanted)
    if (!placement) continue
    const lists = [
      [placement.lacksRenditions, LACKS_RENDITIONS, totals.renditions],
      [placement.lacksFacts, LACKS_FACTS, totals.facts],
    ] as const
    for (const [lacks, what, total] of lists) {
      if (!lacks) continue
      add.run(what, placement.taken, id)
      total.assets++
      total.bytes += placement.bytes
    }
  }
  count.run('without-renditions', totals.renditions.assets, totals.renditions.bytes)
  count.run('without-facts', totals.facts.assets, totals.facts.bytes)
  db.exec('DELETE FROM total WHERE assets = 0')
  const put = db.prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)')
  put.run('wanted-renditions', wanted.renditions)
  put.run('wanted-facts', wanted.facts)
}
