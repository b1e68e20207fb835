import { isBucket, type Bucket } from '../time/index.ts'
import { wordsOf } from './words.ts'

/** One thing that an asset must have to be found. */
export type Term =
  | { kind: 'word'; word: string }
  /** Four digits: the year it was taken in, or a word like any other. */
  | { kind: 'year'; year: string }
  /** `2019-07`. */
  | { kind: 'month'; bucket: Bucket }
  /** `july`: that month of any year (`07`), or a word like any other. */
  | { kind: 'month-name'; month: string; word: string }
  | { kind: 'type'; type: 'photo' | 'video' }
  | { kind: 'favourite' }

export interface Query {
  /** All must hold. Empty finds nothing. */
  terms: Term[]
  /** The words in the order typed, for finding them side by side. */
  text: string
}

const MAX_LENGTH = 256
const MAX_TERMS = 12
const MONTHS = 'january february march april may june july august september october november december'.split(' ')

/** Reads what a person typed. Every text is a query; what is no filter is words. */
export function parseQuery(text: string): Query {
  const terms: Term[] = []
  for (const part of text.slice(0, MAX_LENGTH).split(/\s+/)) {
    const filter = filterOf(part.toLowerCase())
    if (filter) terms.push(filter)
    else terms.push(...wordsOf(part).map(termOf))
  }
  const kept = terms.slice(0, MAX_TERMS)
  return { terms: kept, text: kept.flatMap(term => textOf(term)).join(' ') }
}

function filterOf(part: string): Term | null {
  if (part === 'type:video' || part === 'type:photo')
    return { kind: 'type', type: part === 'type:video' ? 'video' : 'photo' }
  if (part === 'fav' || part === 'favourite') return { kind: 'favourite' }
  return isBucket(part) ? { kind: 'month', bucket: part } : null
}

function termOf(word: string): Term {
  if (/^(19|20)\d\d$/.test(word)) return { kind: 'year', year: word }
  const month = word.length < 3 ? -1 : MONTHS.findIndex(name => name === word || name.slice(0, 3) === word)
  return month < 0 ? { kind: 'word', word } : { kind: 'month-name', month: String(month + 1).padStart(2, '0'), word }
}

function textOf(term: Term): string[] {
  if (term.kind === 'word' || term.kind === 'month-name') return [term.word]
  return term.kind === 'year' ? [term.year] : []
}
