/** Ratios outside of this are shown cropped, so that a panorama or a long screenshot cannot take a row over. */
export const MIN_RATIO = 0.3
export const MAX_RATIO = 4

/** All lengths in CSS pixels. */
export interface RowOptions {
  width: number
  /** Height that rows aim at. */
  targetHeight: number
  /** Between neighbours, across and down. */
  gap: number
  /** Before the first asset of a group (a day) that begins inside a row. */
  groupGap: number
  /** Strip above a row in which a group begins, for its label. */
  labelHeight: number
}

export interface Row {
  /** Index of its first asset; the row holds `start` to `end`, `end` excluded. */
  start: number
  end: number
  /** Of the pictures, without the label strip above them. */
  top: number
  height: number
  /** Whether a group begins in it, so that there is a label strip. */
  labelled: boolean
}

export interface RowLayout {
  rows: Row[]
  /** Left edge and width of each asset, whole pixels. */
  left: Float32Array
  width: Float32Array
  /** Of all rows, label strips and gaps, none after the last row. */
  height: number
}

/** A ratio as rows use it. */
export function clampRatio(ratio: number): number {
  return Number.isFinite(ratio) ? Math.min(MAX_RATIO, Math.max(MIN_RATIO, ratio)) : 1.5
}

/**
 * Places assets in rows that fill the width exactly, each with its own ratio kept (within a pixel of rounding). A last
 * row that does not fill keeps the target height. `opensGroup(i)` tells whether asset `i` is the first of its group.
 */
export function layoutRows(
  ratios: ArrayLike<number>,
  opensGroup: (index: number) => boolean,
  options: RowOptions,
): RowLayout {
  const { width, targetHeight, gap, groupGap, labelHeight } = options
  const count = ratios.length
  const layout: RowLayout = { rows: [], left: new Float32Array(count), width: new Float32Array(count), height: 0 }
  let start = 0
  let bottom = 0
  while (start < count) {
    let sum = clampRatio(ratios[start] ?? 1)
    let gaps = 0
    let end = start + 1
    let fit = (width - gaps) / sum
    while (end < count && fit > targetHeight) {
      const moreSum = sum + clampRatio(ratios[end] ?? 1)
      const moreGaps = gaps + (opensGroup(end) ? groupGap : gap)
      const moreFit = (width - moreGaps) / moreSum
      // Past the target: keep the height that is nearer to it, above or below.
      if (moreFit < targetHeight && (moreFit < 24 || targetHeight / moreFit > fit / targetHeight)) break
      sum = moreSum
      gaps = moreGaps
      fit = moreFit
      end++
    }
    const fills = fit <= targetHeight || end < count
    const height = Math.max(1, Math.round(fills ? fit : targetHeight))
    let labelled = false
    for (let i = start; i < end && !labelled; i++) labelled = opensGroup(i)
    const top = (layout.rows.length === 0 ? 0 : bottom + gap) + (labelled ? labelHeight : 0)
    place(layout, ratios, opensGroup, { start, end, exactHeight: fills ? fit : targetHeight, fills }, options)
    layout.rows.push({ start, end, top, height, labelled })
    bottom = top + height
    start = end
  }
  layout.height = bottom
  return layout
}

function place(
  layout: RowLayout,
  ratios: ArrayLike<number>,
  opensGroup: (index: number) => boolean,
  row: { start: number; end: number; exactHeight: number; fills: boolean },
  options: RowOptions,
): void {
  let x = 0
  for (let i = row.start; i < row.end; i++) {
    if (i > row.start) x += opensGroup(i) ? options.groupGap : options.gap
    const left = Math.round(x)
    x += clampRatio(ratios[i] ?? 1) * row.exactHeight
    const right = row.fills && i === row.end - 1 ? options.width : Math.min(options.width, Math.round(x))
    layout.left[i] = left
    layout.width[i] = Math.max(1, right - left)
  }
}

/**
 * Height that `layoutRows` will come to, guessed from a count, the sum of the clamped ratios and about how many groups
 * there are: close enough that loading the real thing moves little.
 */
export function estimateHeight(count: number, ratioSum: number, groups: number, options: RowOptions): number {
  if (count === 0) return 0
  const { width, targetHeight, gap, labelHeight } = options
  const rows = Math.max(1, Math.round((ratioSum * targetHeight + (count - 1) * gap) / width + 0.35))
  const labelledRows = rows * (1 - (1 - 1 / rows) ** Math.min(groups, count))
  return Math.round(rows * (targetHeight + gap) - gap + labelledRows * labelHeight)
}

/** Rows that touch `from` to `to` (pixels from the layout's top), label strips included: first index and end. */
export function rowsBetween(layout: RowLayout, from: number, to: number, labelHeight: number): [number, number] {
  const { rows } = layout
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >> 1
    const row = rows[middle]!
    if (row.top + row.height < from) low = middle + 1
    else high = middle
  }
  let end = low
  while (end < rows.length && rows[end]!.top - (rows[end]!.labelled ? labelHeight : 0) <= to) end++
  return [low, end]
}
