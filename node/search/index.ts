export { searchAssets, type SearchSource } from './search-assets.ts'
export { searchWordsOf } from './search-words.ts'
