import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { clampRatio, estimateHeight, layoutRows, rowsBetween, type RowOptions } from './index.ts'

const options: RowOptions = { width: 1200, targetHeight: 220, gap: 4, groupGap: 20, labelHeight: 28 }
const anyOptions = fc.record({
  width: fc.integer({ min: 280, max: 2600 }),
  targetHeight: fc.integer({ min: 90, max: 320 }),
  gap: fc.integer({ min: 0, max: 8 }),
  groupGap: fc.integer({ min: 8, max: 24 }),
  labelHeight: fc.integer({ min: 0, max: 32 }),
})
const anyAssets = fc.array(fc.record({ ratio: fc.double({ min: 0.05, max: 12, noNaN: true }), opens: fc.boolean() }), {
  minLength: 1,
  maxLength: 300,
})

test('every asset is in one row, in order, and rows follow each other without overlap', () => {
  fc.assert(
    fc.property(anyAssets, anyOptions, (assets, o) => {
      const layout = layoutRows(assets.map(a => a.ratio), i => assets[i]!.opens, o) // prettier-ignore
      let next = 0
      let bottom = 0
      for (const [at, row] of layout.rows.entries()) {
        assert.equal(row.start, next)
        assert.ok(row.end > row.start)
        const labelled = assets.slice(row.start, row.end).some(a => a.opens)
        assert.equal(row.labelled, labelled)
        assert.equal(row.top, bottom + (at === 0 ? 0 : o.gap) + (labelled ? o.labelHeight : 0))
        bottom = row.top + row.height
        next = row.end
      }
      assert.equal(next, assets.length)
      assert.equal(layout.height, bottom)
    }),
  )
})

test('rows fill the width exactly, all but the last, which is never stretched', () => {
  fc.assert(
    fc.property(anyAssets, anyOptions, (assets, o) => {
      const layout = layoutRows(assets.map(a => a.ratio), i => assets[i]!.opens, o) // prettier-ignore
      for (const row of layout.rows) {
        const right = layout.left[row.end - 1]! + layout.width[row.end - 1]!
        const last = row.end === assets.length
        if (last) assert.ok(right <= o.width && row.height <= o.targetHeight)
        else assert.equal(right, o.width)
        assert.equal(layout.left[row.start], 0)
        for (let i = row.start + 1; i < row.end; i++) {
          const gap = layout.left[i]! - layout.left[i - 1]! - layout.width[i - 1]!
          assert.ok(Math.abs(gap - (assets[i]!.opens ? o.groupGap : o.gap)) <= 1, `gap ${gap}`)
        }
      }
    }),
  )
})

test('each asset keeps its clamped ratio within a pixel of rounding', () => {
  fc.assert(
    fc.property(anyAssets, anyOptions, (assets, o) => {
      const layout = layoutRows(assets.map(a => a.ratio), i => assets[i]!.opens, o) // prettier-ignore
      for (const row of layout.rows) {
        for (let i = row.start; i < row.end; i++) {
          const ratio = clampRatio(assets[i]!.ratio)
          // Half a pixel of height moves the width by half the ratio; both edges are rounded on top.
          assert.ok(Math.abs(layout.width[i]! - ratio * row.height) <= 1.01 + ratio / 2)
        }
      }
    }),
  )
})

test('rows stay near the target height', () => {
  const ratios = Array.from({ length: 2000 }, (_, i) => [1.5, 0.667, 1.333, 0.75, 1.778][(i * 7) % 5]!)
  const layout = layoutRows(ratios, i => i % 40 === 0, options)
  for (const row of layout.rows.slice(0, -1)) assert.ok(row.height > 150 && row.height < 330, `height ${row.height}`)
  const mean = layout.rows.reduce((sum, row) => sum + row.height, 0) / layout.rows.length
  assert.ok(Math.abs(mean - 220) < 25, `mean height ${mean}`)
})

test('the estimate is close to the layout', () => {
  let seed = 7
  const ratios = Array.from({ length: 3000 }, () => {
    seed = (seed * 48271) % 2147483647
    return [1.5, 0.667, 1.333, 0.75, 1.778, 1.5][seed % 6]!
  })
  const sum = ratios.reduce((a, b) => a + b, 0)
  const layout = layoutRows(ratios, i => i % 100 === 0, options)
  const estimate = estimateHeight(ratios.length, sum, 30, options)
  assert.ok(Math.abs(estimate / layout.height - 1) < 0.08, `${estimate} for ${layout.height}`)
  assert.equal(estimateHeight(0, 0, 0, options), 0)
})

test('rowsBetween finds exactly the rows that are touched', () => {
  fc.assert(
    fc.property(anyAssets, anyOptions, fc.nat(40_000), fc.nat(3000), (assets, o, from, length) => {
      const layout = layoutRows(assets.map(a => a.ratio), i => assets[i]!.opens, o) // prettier-ignore
      const [first, end] = rowsBetween(layout, from, from + length, o.labelHeight)
      for (const [at, row] of layout.rows.entries()) {
        const top = row.top - (row.labelled ? o.labelHeight : 0)
        assert.equal(at >= first && at < end, row.top + row.height >= from && top <= from + length)
      }
    }),
  )
})
