import { parseQuery } from '../../shared/search/index.ts'
import type { AssetRecord, SearchHit } from '../../shared/schema/index.ts'
import { matchExpression, type Manner } from './match-expression.ts'
import { scoreOf } from './score.ts'

/** Where the words lie that `searchWordsOf` made. */
export interface SearchSource {
  /** Row numbers that match an FTS5 expression, newest first, at most `limit`. */
  match(expression: string, limit: number): number[]
  record(n: number): AssetRecord | null
}

/** Matches that are looked at and ranked: bounds the time of a query that half the library answers. */
const CANDIDATES = 500

/**
 * Searches and ranks. Whole words come first; where they leave room, words that only begin alike; where whole words match
 * more than can be ranked, those that people wrote themselves are looked for too, since they rank highest.
 */
export function searchAssets(source: SearchSource, text: string, limit: number): SearchHit[] {
  const query = parseQuery(text)
  const most = Math.max(CANDIDATES, limit)
  const candidates = new Set<number>()
  const look = (manner: Manner) => {
    const expression = matchExpression(query, manner)
    if (expression) for (const n of source.match(expression, most)) candidates.add(n)
  }
  look('exact')
  look(candidates.size >= most ? 'personal' : 'start')
  const hits: SearchHit[] = []
  for (const n of candidates) {
    const record = source.record(n)
    const scored = record && scoreOf(record, query)
    if (scored) hits.push({ ...record, ...scored })
  }
  return hits.sort(better).slice(0, limit)
}

function better(a: SearchHit, b: SearchHit): number {
  return b.score - a.score || (a.takenAt < b.takenAt ? 1 : a.takenAt > b.takenAt ? -1 : a.id < b.id ? -1 : 1)
}
