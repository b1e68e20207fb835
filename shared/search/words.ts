/** Longest word kept, in UTF-16 units; longer ones are cut, in texts and in queries alike. */
const MAX_WORD = 48
// Scripts without spaces between words: each sign counts as a word.
const WORD = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]|(?:(?![\p{sc=Han}\p{sc=Hira}\p{sc=Kana}])[\p{L}\p{M}])+|\p{N}+/gu

/**
 * The words of a text as search compares them: lower case, without accents, letters and digits apart (`IMG_0123` is
 * `img` and `0123`). At most `limit` of them.
 */
export function wordsOf(text: string, limit = 512): string[] {
  const plain = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
  const words: string[] = []
  for (const [word] of plain.matchAll(WORD)) {
    words.push(word.slice(0, MAX_WORD).toWellFormed())
    if (words.length >= limit) break
  }
  return words
}
