import type { Query, Term } from '../../shared/search/index.ts'
import { MARK, PERSONAL } from './search-words.ts'

/**
 * How words are compared. `exact`: whole words. `start`: words that begin with them. `personal`: whole words, at least
 * one of them written by a person.
 */
export type Manner = 'exact' | 'start' | 'personal'

/** Shorter beginnings would match too much to be of use. */
const MIN_START = 3

/**
 * The FTS5 expression that finds the query, or null where this manner adds nothing. All that comes from outside stands
 * in quotes and is made of letters and digits alone, so no text can break the syntax.
 */
export function matchExpression({ terms }: Query, manner: Manner): string | null {
  if (terms.length === 0) return null
  const words = terms.flatMap(wordOf)
  if (manner === 'start' && !words.some(word => word.length >= MIN_START)) return null
  if (manner === 'personal' && words.length === 0) return null
  const groups = terms.map(term => `(${alternatives(term, manner === 'start').join(' OR ')})`)
  if (manner === 'personal') groups.unshift(`(${words.map(word => quoted(PERSONAL + word)).join(' OR ')})`)
  return groups.join(' AND ')
}

function wordOf(term: Term): string[] {
  if (term.kind === 'word' || term.kind === 'month-name') return [term.word]
  return term.kind === 'year' ? [term.year] : []
}

function alternatives(term: Term, start: boolean): string[] {
  switch (term.kind) {
    case 'word':
      return [start ? beginning(term.word) : quoted(term.word)]
    case 'year':
      return [quoted(term.year), quoted(`${MARK}y${term.year}`)]
    case 'month-name':
      return [start ? beginning(term.word) : quoted(term.word), quoted(`${MARK}m${term.month}`)]
    case 'month':
      return [quoted(`${MARK}b${term.bucket.replace('-', '')}`)]
    case 'type':
      return [quoted(`${MARK}${term.type}`)]
    case 'favourite':
      return [quoted(`${MARK}favourite`)]
  }
}

function beginning(word: string): string {
  return word.length >= MIN_START ? `${quoted(word)} *` : quoted(word)
}

function quoted(word: string): string {
  return `"${word.replaceAll('"', '""')}"`
}
