import { indexAt, rowsBetween } from '../../../shared/geometry/index.ts'
import type { Bucket } from '../../../shared/time/index.ts'
import { placeOf, type Plan } from './plan.ts'

/** Something on the screen that must stay where it is while things around it change their size. */
export interface Anchor {
  bucket: Bucket
  /** An asset, or null for the month itself. */
  id: string | null
  /** From the top of the viewport down to it, pixels. */
  below: number
  /** How far into the month the viewport's top is, 0 to 1, for a month whose rows are not known. */
  fraction: number
}

/** Near the top, new photos push the others down instead of appearing out of sight. Pixels. */
const STICKS_TO_TOP = 8

/** The uppermost thing that is really known on the screen; null: stay at the top. */
export function anchorAt(plan: Plan, position: number, viewport: number): Anchor | null {
  if (position < STICKS_TO_TOP || plan.months.length === 0) return null
  const first = indexAt(plan.tops, position)
  for (let i = first; i < plan.months.length && plan.tops[i]! < position + viewport; i++) {
    const month = plan.months[i]!
    if (!month.loaded) continue
    const content = plan.tops[i]! + plan.measures.monthHeader
    const { layout, columns } = month.loaded
    const [row] = rowsBetween(layout, position - content, position - content, plan.measures.labelHeight)
    const found = layout.rows[row]
    if (!found) continue
    return { bucket: month.bucket, id: columns.id[found.start]!, below: content + found.top - position, fraction: 0 }
  }
  const month = plan.months[first]!
  const into = position - plan.tops[first]!
  return { bucket: month.bucket, id: null, below: -into, fraction: into / month.height }
}

/** The position at which an anchor is again where it was; null when it is gone altogether. */
export function positionFor(plan: Plan, anchor: Anchor): number | null {
  const index = plan.indexOf.get(anchor.bucket)
  if (index === undefined) return null
  const month = plan.months[index]!
  if (anchor.id === null) return plan.tops[index]! + anchor.fraction * month.height
  const at = month.loaded?.columns.id.indexOf(anchor.id) ?? -1
  const place = at < 0 ? null : placeOf(plan, index, at)
  return place === null ? null : place.top - anchor.below
}
