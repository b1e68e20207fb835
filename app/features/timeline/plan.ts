import { estimateHeight, layoutRows, type RowLayout, stackTops } from '../../../shared/geometry/index.ts'
import type { BucketColumns } from '../../../shared/schema/api.ts'
import type { Bucket } from '../../../shared/time/index.ts'
import type { TimelineStore } from '../../data/timeline-store.ts'
import type { Measures } from './measures.ts'

/** A month of the timeline, at its place. */
export interface Month {
  bucket: Bucket
  count: number
  height: number
  /** Null until loaded: then the height is a guess. */
  loaded: { columns: BucketColumns; layout: RowLayout } | null
}

/** Where everything is: months from the top down, `tops[i]` of each and the whole height at the end. */
export interface Plan {
  measures: Measures
  months: Month[]
  tops: Float64Array
  total: number
  indexOf: Map<Bucket, number>
}

/** Whether asset `i` of a month is the first of its day. */
export function opensDay(columns: BucketColumns, i: number): boolean {
  return i === 0 || columns.takenAt[i]!.slice(8, 10) !== columns.takenAt[i - 1]!.slice(8, 10)
}

/** Days of a month on which somebody takes pictures, for the guess of its height. */
const USUAL_DAYS = 20

/** Makes plans; layouts are kept while neither their content nor the width changes, and so are the heights they had. */
export function createPlanner(): (store: TimelineStore, measures: Measures) => Plan {
  let width = 0
  let layouts = new WeakMap<BucketColumns, RowLayout>()
  const known = new Map<Bucket, { count: number; height: number }>()

  return (store, measures) => {
    if (measures.width !== width) {
      width = measures.width
      layouts = new WeakMap()
      known.clear()
    }
    const months: Month[] = []
    for (const { bucket, count, ratioSum } of store.buckets()) {
      const columns = store.columns(bucket)
      let content = known.get(bucket)?.count === count ? known.get(bucket)!.height : null
      let loaded: Month['loaded'] = null
      if (columns) {
        let layout = layouts.get(columns)
        if (!layout) {
          layout = layoutRows(columns.ratio, i => opensDay(columns, i), measures)
          layouts.set(columns, layout)
        }
        loaded = { columns, layout }
        content = layout.height
        known.set(bucket, { count, height: content })
      }
      const shown = columns?.id.length ?? count
      if (shown === 0) continue
      content ??= estimateHeight(count, ratioSum, Math.min(USUAL_DAYS, count), measures)
      months.push({ bucket, count: shown, loaded, height: measures.monthHeader + content + measures.monthFooter })
    }
    const tops = stackTops(months.map(month => month.height))
    const indexOf = new Map(months.map((month, i) => [month.bucket, i]))
    return { measures, months, tops, total: tops[months.length]!, indexOf }
  }
}

/** Top and height of an asset's tile, counted from the timeline's top. */
export function placeOf(plan: Plan, month: number, index: number): { top: number; height: number } | null {
  const layout = plan.months[month]?.loaded?.layout
  const row = layout?.rows.find(one => index < one.end)
  return row ? { top: plan.tops[month]! + plan.measures.monthHeader + row.top, height: row.height } : null
}
