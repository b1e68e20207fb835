import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { clampZoom, fitInto, NO_ZOOM, zoomAt } from './index.ts'

const frame = { width: 1440, height: 900 }

test('a picture fits into its frame with its ratio', () => {
  assert.deepEqual(fitInto(1.5, frame), { width: 1350, height: 900 })
  assert.deepEqual(fitInto(3, frame), { width: 1440, height: 480 })
})

test('the spot under the pointer stays while nothing is clamped', () => {
  const picture = fitInto(1.6, frame)
  const point = { x: 200, y: -100 }
  const zoom = zoomAt(NO_ZOOM, 3, point, picture, frame, 8)
  assert.equal(zoom.scale, 3)
  assert.ok(Math.abs((point.x - zoom.x) / zoom.scale - 200) < 1e-9)
  assert.ok(Math.abs((point.y - zoom.y) / zoom.scale + 100) < 1e-9)
})

test('no zoom leaves the frame emptier than it must be', () => {
  const number = fc.double({ min: -5000, max: 5000, noNaN: true })
  fc.assert(
    fc.property(
      fc.double({ min: 0.1, max: 9, noNaN: true }),
      number,
      number,
      fc.double({ min: 0.3, max: 4, noNaN: true }),
      (scale, x, y, ratio) => {
        const picture = fitInto(ratio, frame)
        const zoom = clampZoom({ scale, x, y }, picture, frame, 6)
        assert.ok(zoom.scale >= 1 && zoom.scale <= 6)
        for (const [size, room, at] of [
          [picture.width * zoom.scale, frame.width, zoom.x],
          [picture.height * zoom.scale, frame.height, zoom.y],
        ] as const) {
          if (size <= room) assert.ok(Math.abs(at) === 0)
          else assert.ok(size / 2 - Math.abs(at) >= room / 2 - 1e-6)
        }
      },
    ),
  )
})

test('zooming all the way out brings the picture back to its place', () => {
  const picture = fitInto(1.2, frame)
  const zoomed = zoomAt(NO_ZOOM, 4, { x: 400, y: 300 }, picture, frame, 8)
  const back = zoomAt(zoomed, 0.01, { x: -50, y: 20 }, picture, frame, 8)
  assert.deepEqual({ ...back, x: Math.abs(back.x), y: Math.abs(back.y) }, NO_ZOOM)
})
