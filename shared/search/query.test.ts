import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseQuery, wordsOf } from './index.ts'

describe('words', () => {
  test('are lower case, without accents, letters and digits apart', () => {
    assert.deepEqual(wordsOf('IMG_0123.JPG'), ['img', '0123', 'jpg'])
    assert.deepEqual(wordsOf('Été à Saint-Étienne'), ['ete', 'a', 'saint', 'etienne'])
    assert.deepEqual(wordsOf('ﬁne Ｗｉｄｅ'), ['fine', 'wide'])
  })

  test('signs of scripts without spaces stand alone, marks stay with their letters', () => {
    assert.deepEqual(wordsOf('海边 2019年'), ['海', '边', '2019', '年'])
    assert.deepEqual(wordsOf('हिन्दी'), ['हिन्दी'])
  })

  test('are bounded in number and length', () => {
    assert.equal(wordsOf('a '.repeat(5000)).length, 512)
    assert.equal(wordsOf('x'.repeat(5000))[0]?.length, 48)
    assert.ok(wordsOf('\ud800 ab').every(word => word.isWellFormed()))
  })
})

describe('a query', () => {
  const kinds = (text: string) => parseQuery(text).terms.map(({ kind }) => kind)

  test('is words, and the few filters', () => {
    assert.deepEqual(kinds('beach'), ['word'])
    assert.deepEqual(kinds('beach 2019 type:video fav 2019-07 July'), [
      'word',
      'year',
      'type',
      'favourite',
      'month',
      'month-name',
    ])
    assert.deepEqual(parseQuery('jul').terms, [{ kind: 'month-name', month: '07', word: 'jul' }])
    assert.deepEqual(kinds('2019-13 1234'), ['year', 'word', 'word'])
    assert.equal(parseQuery('Sunset at  the BEACH').text, 'sunset at the beach')
  })

  test('of anything has an end', () => {
    assert.deepEqual(kinds(''), [])
    assert.deepEqual(kinds('" \' * ( ) - : ^ \0 ; --'), [])
    assert.equal(parseQuery('word '.repeat(1000)).terms.length, 12)
  })
})
