import { descriptionOf, isSet, isShown, tagsOf, takenAtOf, type AssetState } from '../catalogue/index.ts'
import { wordsOf } from '../../shared/search/index.ts'

/** Before a word that people wrote themselves; a sign of the private use area, which no word of a text can hold. */
export const PERSONAL = '\ue000'
/** Before what is no word of a text: year, month, type, favourite. */
export const MARK = '\ue001'

/** Words of one asset kept at most: bounds what one long caption costs. */
const MAX_WORDS = 1500

/** All that an asset is found by, each word once, with spaces between. */
export function searchWordsOf(state: AssetState): string {
  if (!isShown(state)) return ''
  const { added } = state
  const facts = state.facts?.facts
  const taken = takenAtOf(state)
  const words = new Set([
    `${MARK}y${taken.slice(0, 4)}`,
    `${MARK}m${taken.slice(5, 7)}`,
    `${MARK}b${taken.slice(0, 4)}${taken.slice(5, 7)}`,
    `${MARK}${added.type}`,
  ])
  if (isSet(state, 'favourite')) words.add(`${MARK}favourite`)
  for (const word of wordsOf(added.fileName)) words.add(word)
  for (const text of [facts?.make, facts?.model, facts?.lens])
    if (text) for (const word of wordsOf(text)) words.add(word)
  for (const text of [descriptionOf(state), ...tagsOf(state)]) {
    if (!text) continue
    for (const word of wordsOf(text)) words.add(word).add(PERSONAL + word)
    if (words.size >= MAX_WORDS) break
  }
  return [...words].slice(0, MAX_WORDS).join(' ')
}
