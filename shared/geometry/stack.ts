/** Tops of things stacked without gaps; one more than there are heights: the last is the total. */
export function stackTops(heights: readonly number[]): Float64Array {
  const tops = new Float64Array(heights.length + 1)
  for (let i = 0; i < heights.length; i++) tops[i + 1] = tops[i]! + heights[i]!
  return tops
}

/** Index of the thing that covers `position`, the first or last where it lies outside; -1 when there is none. */
export function indexAt(tops: Float64Array, position: number): number {
  let low = 0
  let high = tops.length - 2
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (tops[middle]! <= position) low = middle
    else high = middle - 1
  }
  return high < 0 ? -1 : low
}
