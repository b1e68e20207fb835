import { wordsOf, type Query, type Term } from '../../shared/search/index.ts'
import type { AssetRecord } from '../../shared/schema/index.ts'

interface Field {
  /** As people read it in `why`. */
  name: string
  weight: number
  words: string[]
}

/** A word that only begins with the one asked for counts this much. */
const START = 0.6
/** Added where all words asked for stand side by side. */
const SIDE_BY_SIDE = 1

/** How well an asset answers a query and which of its facts matched; null where it does not answer it at all. */
export function scoreOf(record: AssetRecord, query: Query): { score: number; why: string[] } | null {
  const fields = fieldsOf(record)
  const why = new Set<string>()
  let score = 0
  for (const term of query.terms) {
    const found = bestOf(term, record, fields)
    if (!found) return null
    score += found.score
    why.add(found.name)
  }
  if (query.text.includes(' ')) {
    const whole = fields.find(field => ` ${field.words.join(' ')} `.includes(` ${query.text} `))
    if (whole) score += SIDE_BY_SIDE * whole.weight
  }
  return { score: Math.round((score / query.terms.length) * 1000) / 1000, why: [...why] }
}

function fieldsOf(record: AssetRecord): Field[] {
  const { description, tags, fileName, make, model, lens } = record
  return [
    { name: 'caption', weight: 4, words: wordsOf(description ?? '') },
    { name: 'tag', weight: 4, words: tags.flatMap(tag => wordsOf(tag)) },
    { name: 'file name', weight: 3, words: wordsOf(fileName) },
    { name: 'camera', weight: 2, words: wordsOf(`${make ?? ''} ${model ?? ''}`) },
    { name: 'lens', weight: 1.5, words: wordsOf(lens ?? '') },
  ]
}

function bestOf(term: Term, record: AssetRecord, fields: Field[]): { name: string; score: number } | null {
  const { takenAt } = record
  switch (term.kind) {
    case 'word':
      return wordIn(term.word, fields)
    case 'year':
      return takenAt.startsWith(`${term.year}-`) ? { name: 'date', score: 2 } : wordIn(term.year, fields)
    case 'month-name':
      return takenAt.slice(5, 7) === term.month ? { name: 'date', score: 2 } : wordIn(term.word, fields)
    case 'month':
      return takenAt.startsWith(term.bucket) ? { name: 'date', score: 2 } : null
    case 'type':
      return record.type === term.type ? { name: 'type', score: 1 } : null
    case 'favourite':
      return record.favourite ? { name: 'favourite', score: 1 } : null
  }
}

function wordIn(word: string, fields: Field[]): { name: string; score: number } | null {
  let best: { name: string; score: number } | null = null
  for (const { name, weight, words } of fields) {
    const share = words.includes(word) ? 1 : words.some(other => other.startsWith(word)) ? START : 0
    if (share > 0 && weight * share > (best?.score ?? 0)) best = { name, score: weight * share }
  }
  return best
}
