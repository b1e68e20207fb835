import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseRange } from './byte-range.ts'

test('whatever is asked, what is answered lies inside', () => {
  const size = fc.integer({ min: 0, max: 10 })
  const part = fc.oneof(fc.integer({ min: 0, max: 20 }).map(String), fc.constant(''), fc.string())
  fc.assert(
    fc.property(size, part, part, fc.constantFrom('bytes=', 'bytes= ', 'BYTES=', ''), (bytes, first, last, unit) => {
      const range = parseRange(`${unit}${first}-${last}`, bytes)
      if (typeof range === 'string') return
      assert.ok(range.start >= 0 && range.start <= range.end && range.end < bytes)
    }),
  )
})

test('well-formed ranges mean what RFC 9110 says', () => {
  fc.assert(
    fc.property(fc.nat(50), fc.nat(50), fc.integer({ min: 1, max: 40 }), (first, last, size) => {
      const expected =
        last < first ? 'whole' : first >= size ? 'unsatisfiable' : { start: first, end: Math.min(last, size - 1) }
      assert.deepEqual(parseRange(`bytes=${first}-${last}`, size), expected)
    }),
  )
  assert.deepEqual(parseRange('bytes=-3', 10), { start: 7, end: 9 })
  assert.equal(parseRange('bytes=0-', 0), 'unsatisfiable')
  assert.equal(parseRange('bytes=99999999999999999999-', 10), 'whole')
  assert.equal(parseRange(undefined, 10), 'whole')
})
