export { parseQuery, type Query, type Term } from './query.ts'
export { wordsOf } from './words.ts'
