import { type Accessor, type Component, createMemo, For, Show } from 'solid-js'
import { rowsBetween } from '../../../shared/geometry/index.ts'
import type { BucketColumns } from '../../../shared/schema/api.ts'
import type { Bucket } from '../../../shared/time/index.ts'
import { thumbnailUrl } from '../../data/api.ts'
import type { TimelineStore } from '../../data/timeline-store.ts'
import { formatDay, formatMonth, formatWhen, t } from '../../i18n/index.ts'
import { Button } from '../../ui/button/button.tsx'
import { PhotoTile } from '../../ui/photo-tile/photo-tile.tsx'
import { opensDay, type Plan } from './plan.ts'
import type { Scroller } from './scroller.ts'
import type { Selection } from './selection.ts'
import css from './timeline.module.css'

/** Screens above and below the visible one whose tiles exist. */
const OVERSCAN = 0.7

/** What is between two positions of the timeline, with room to scroll on. */
export function coverage(scroller: Scroller): { from: number; to: number } {
  const over = scroller.viewport() * OVERSCAN
  return { from: scroller.position() - over, to: scroller.position() + scroller.viewport() + over }
}

interface MonthProps {
  bucket: Bucket
  plan: Plan
  scroller: Scroller
  store: TimelineStore
  selection: Selection
  tabStop: string | null
  hrefOf: (id: string) => string
  onFocus: (bucket: Bucket, id: string) => void
  onSelect: (bucket: Bucket, id: string, event: MouseEvent) => void
}

interface Spot {
  index: number
  top: number
  height: number
  columns: BucketColumns
  left: number
  width: number
}

/** One month: its name, and those of its rows that are near the screen. */
export const MonthSection: Component<MonthProps> = props => {
  const index = (): number => props.plan.indexOf.get(props.bucket) ?? -1
  const month = (): Plan['months'][number] | undefined => props.plan.months[index()]
  const measures = (): Plan['measures'] => props.plan.measures
  const top = createMemo(() => (props.plan.tops[index()] ?? 0) - props.scroller.origin())

  const range = createMemo(
    () => {
      const loaded = month()?.loaded
      if (!loaded) return null
      const content = props.plan.tops[index()]! + measures().monthHeader
      const { from, to } = coverage(props.scroller)
      const [first, end] = rowsBetween(loaded.layout, from - content, to - content, measures().labelHeight)
      return { ...loaded, first, end }
    },
    null,
    {
      equals: (a, b) =>
        a?.columns === b?.columns && a?.layout === b?.layout && a?.first === b?.first && a?.end === b?.end,
    },
  )
  const spots = createMemo(() => {
    const found = new Map<string, Spot>()
    const now = range()
    if (!now) return found
    const { columns, layout } = now
    for (const row of layout.rows.slice(now.first, now.end)) {
      for (let i = row.start; i < row.end; i++) {
        const place = { top: row.top, height: row.height, left: layout.left[i]!, width: layout.width[i]! }
        found.set(columns.id[i]!, { index: i, columns, ...place })
      }
    }
    return found
  })
  const days = createMemo(() => [...spots().values()].filter(spot => opensDay(spot.columns, spot.index)))

  const tile = (id: string): Accessor<Spot> => {
    let last!: Spot
    // Called in the tile's own properties, which track it.
    // eslint-disable-next-line solid/reactivity
    return () => (last = spots().get(id) ?? last)
  }

  return (
    <section
      class={css.month}
      style={{ top: `${top()}px`, height: `${month()?.height ?? 0}px` }}
      aria-labelledby={`month-${props.bucket}`}
      data-bucket={props.bucket}
    >
      <header class={css.monthHeader} style={{ height: `${measures().monthHeader}px` }}>
        <h2 class={css.monthName} id={`month-${props.bucket}`}>
          {formatMonth(props.bucket)} <span class={css.yearName}>{props.bucket.slice(0, 4)}</span>
        </h2>
        <span class={css.monthCount}>{t('count.photos', { count: month()?.count ?? 0 })}</span>
      </header>
      <div class={css.rows} style={{ top: `${measures().monthHeader}px` }}>
        <For each={days()}>
          {day => (
            <h3
              class={css.day}
              style={{
                left: `${day.left}px`,
                top: `${day.top - measures().labelHeight}px`,
                height: `${measures().labelHeight}px`,
                // Up to where the label of the next day could begin.
                'max-width': `${day.width + measures().groupGap - 4}px`,
              }}
            >
              {formatDay(day.columns.takenAt[day.index]!)}
            </h3>
          )}
        </For>
        <For each={[...spots().keys()]}>
          {id => {
            const spot = tile(id)
            const of = <T,>(column: readonly T[]): T => column[spot().index]!
            const columns = (): BucketColumns => spot().columns
            const src = createMemo<string | null>(known => {
              if (known === null && props.scroller.rushing()) return null
              return thumbnailUrl(id, of(columns().ready))
            }, null)
            return (
              <PhotoTile
                id={id}
                href={props.hrefOf(id)}
                src={src()}
                retry={of(columns().ready) ? null : columns()}
                type={of(columns().type)}
                when={formatWhen(of(columns().takenAt))}
                durationMs={of(columns().durationMs)}
                favourite={of(columns().favourite)}
                thumbhash={of(columns().thumbhash)}
                left={spot().left}
                top={spot().top}
                width={spot().width}
                height={spot().height}
                tabIndex={props.tabStop === id ? 0 : -1}
                selected={props.selection.has(id)}
                selecting={props.selection.ids().size > 0}
                onFocus={() => props.onFocus(props.bucket, id)}
                onSelect={event => props.onSelect(props.bucket, id, event)}
              />
            )
          }}
        </For>
        <Show when={!month()?.loaded}>
          <Show
            when={props.store.failed(props.bucket)}
            fallback={
              <div
                class={css.skeleton}
                style={{
                  height: `${(month()?.height ?? 0) - measures().monthHeader - measures().monthFooter}px`,
                  '--row': `${measures().targetHeight}px`,
                }}
              />
            }
          >
            <div class={css.monthFailed} role="alert">
              <p>{t('timeline.month.failed')}</p>
              <Button onClick={() => void props.store.load(props.bucket).catch(() => {})}>{t('action.retry')}</Button>
            </div>
          </Show>
        </Show>
      </div>
    </section>
  )
}
