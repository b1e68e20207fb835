import type { RowOptions } from '../../../shared/geometry/index.ts'

/** Below this width the grid is a phone's. CSS pixels. */
const PHONE = 700

/** Lengths of the timeline at a width, CSS pixels. */
export interface Measures extends RowOptions {
  /** Above the first row of a month: its name. */
  monthHeader: number
  /** Below the last row of a month. */
  monthFooter: number
}

export function measuresFor(width: number): Measures {
  if (width < PHONE) {
    const targetHeight = width < 480 ? 128 : 160
    return { width, targetHeight, gap: 3, groupGap: 12, labelHeight: 26, monthHeader: 64, monthFooter: 20 }
  }
  const targetHeight = width > 1800 ? 250 : 220
  return { width, targetHeight, gap: 4, groupGap: 20, labelHeight: 32, monthHeader: 80, monthFooter: 32 }
}
