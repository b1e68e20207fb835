import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { indexAt, lastPosition, stackTops, windowAround, windowHolds, WINDOW_LIMIT } from './index.ts'

const viewport = 900
const margin = 5 * viewport

test('a short timeline is scrolled whole', () => {
  assert.deepEqual(windowAround(500, 20_000), { origin: 0, extent: 20_000 })
  assert.equal(windowHolds({ origin: 0, extent: 20_000 }, 0, 20_000, viewport, margin), true)
})

test('every position of a very long timeline can be shown, scrolled to, and scrolled on from', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: WINDOW_LIMIT + 1, max: 60_000_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (total, at) => {
        const position = at * lastPosition(total, viewport)
        const window = windowAround(position, total)
        assert.equal(window.extent, WINDOW_LIMIT)
        assert.ok(window.origin >= 0 && window.origin + window.extent <= total)
        const scroll = position - window.origin
        assert.ok(scroll >= 0 && scroll <= window.extent - viewport + 1)
        assert.equal(windowHolds(window, position, total, viewport, margin), true)
      },
    ),
  )
})

test('a window is given up near an end that is not the content’s own', () => {
  const total = 40_000_000
  const window = windowAround(20_000_000, total)
  assert.equal(windowHolds(window, window.origin + 10, total, viewport, margin), false)
  assert.equal(windowHolds(window, window.origin + window.extent - viewport, total, viewport, margin), false)
  assert.equal(windowHolds({ origin: -300, extent: total }, 1000, total, viewport, margin), false)
  assert.equal(windowHolds({ origin: -300, extent: total }, 5000, total, viewport, margin), true)
  const end = windowAround(total, total)
  assert.equal(windowHolds(end, total - viewport, total, viewport, margin), true)
})

test('stacked things are found by position', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1 }), fc.nat(), (heights, seed) => {
      const tops = stackTops(heights)
      const total = heights.reduce((a, b) => a + b, 0)
      assert.equal(tops[heights.length], total)
      const position = seed % total
      const index = indexAt(tops, position)
      assert.ok(tops[index]! <= position && position < tops[index + 1]!)
    }),
  )
  assert.equal(indexAt(stackTops([]), 5), -1)
  assert.equal(indexAt(stackTops([10, 10]), 999), 1)
})
