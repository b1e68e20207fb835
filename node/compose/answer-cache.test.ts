import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAnswerCache } from './answer-cache.ts'

const bytes = (length: number, fill = 0) => new Uint8Array(length).fill(fill)

test('an answer is made once until something changes', async () => {
  const cache = createAnswerCache(100)
  let made = 0
  const make = async () => bytes(10, ++made)
  const [one, two] = await Promise.all([cache.get('a', make), cache.get('a', make)])
  assert.equal(one, two)
  assert.equal(await cache.get('a', make), one)
  cache.clear()
  assert.equal((await cache.get('a', make))[0], 2)
  assert.equal(made, 2)
})

test('an answer begun before a change is not given to those who ask after it', async () => {
  const cache = createAnswerCache(100)
  let finish: (value: Uint8Array) => void = () => undefined
  const early = cache.get('a', () => new Promise(resolve => (finish = resolve)))
  cache.clear()
  const late = cache.get('a', async () => bytes(10, 2))
  finish(bytes(10, 1))
  assert.equal((await early)[0], 1)
  assert.equal((await late)[0], 2)
  assert.equal((await cache.get('a', async () => bytes(10, 3)))[0], 2)
})

test('what was not asked for longest goes when there is no more room, and what is too large is never kept', async () => {
  const cache = createAnswerCache(25)
  const remade: string[] = []
  const ask = (key: string, length = 10) =>
    cache.get(key, async () => {
      remade.push(key)
      return bytes(length)
    })
  await ask('a')
  await ask('b')
  await ask('a')
  await ask('c')
  await ask('a')
  await ask('b')
  assert.deepEqual(remade, ['a', 'b', 'c', 'b'])
  await ask('big', 26)
  await ask('big', 26)
  assert.deepEqual(remade.slice(4), ['big', 'big'])
})

test('a failed answer is not kept', async () => {
  const cache = createAnswerCache(25)
  await assert.rejects(cache.get('a', () => Promise.reject(new Error('no'))))
  assert.equal((await cache.get('a', async () => bytes(1))).length, 1)
})
