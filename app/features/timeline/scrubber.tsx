import { type Component, createMemo, createSignal, For, Show } from 'solid-js'
import { indexAt, lastPosition } from '../../../shared/geometry/index.ts'
import { formatMonthYear, formatShortMonth, t } from '../../i18n/index.ts'
import type { Plan } from './plan.ts'
import type { Scroller } from './scroller.ts'
import css from './scrubber.module.css'

/** Years closer together than this are left out, pixels. */
const LABEL_ROOM = 26
/** Free room above and below the track, pixels. */
const INSET = 20

/** The whole timeline in one strip: years, a handle, and the month under the pointer. */
export const Scrubber: Component<{ plan: Plan; scroller: Scroller }> = props => {
  const [hover, setHover] = createSignal<number | null>(null)
  const [dragging, setDragging] = createSignal(false)
  let track!: HTMLDivElement

  const length = (): number => Math.max(1, props.scroller.viewport() - 2 * INSET)
  const end = (): number => Math.max(1, lastPosition(props.plan.total, props.scroller.viewport()))
  const at = (): number => Math.min(1, props.scroller.position() / end())
  const monthAt = (fraction: number): number => indexAt(props.plan.tops, fraction * end())
  // Half a pixel of rounding must not make it the month above.
  const current = createMemo(() => indexAt(props.plan.tops, props.scroller.position() + 1))
  const bucketOf = (index: number): string => props.plan.months[index]?.bucket ?? ''

  const years = createMemo(() => {
    const labels: { year: string; y: number }[] = []
    let lastYear = ''
    let free = 0
    for (const [i, month] of props.plan.months.entries()) {
      const year = month.bucket.slice(0, 4)
      const y = Math.min(1, props.plan.tops[i]! / end()) * length()
      if (year === lastYear || y < free) continue
      lastYear = year
      free = y + LABEL_ROOM
      labels.push({ year, y })
    }
    return labels
  })

  const fractionOf = (event: PointerEvent): number => {
    const { top } = track.getBoundingClientRect()
    return Math.min(1, Math.max(0, (event.clientY - top - INSET) / length()))
  }
  const drag = (event: PointerEvent): void => {
    const fraction = fractionOf(event)
    setHover(fraction)
    if (dragging()) props.scroller.moveTo(fraction * end())
  }
  const goTo = (index: number): void => {
    const clamped = Math.min(Math.max(0, index), props.plan.months.length - 1)
    props.scroller.moveTo(props.plan.tops[clamped] ?? 0)
  }
  const keys: Record<string, () => void> = {
    ArrowDown: () => goTo(current() + 1),
    ArrowUp: () => goTo(current() - 1),
    ArrowRight: () => goTo(current() + 1),
    ArrowLeft: () => goTo(current() - 1),
    PageDown: () => goTo(current() + 12),
    PageUp: () => goTo(current() - 12),
    Home: () => goTo(0),
    End: () => props.scroller.moveTo(end()),
  }
  const bubble = (): { y: number; bucket: string } | null => {
    const fraction = dragging() ? at() : hover()
    return fraction === null ? null : { y: fraction * length(), bucket: bucketOf(monthAt(fraction)) }
  }

  return (
    <div
      ref={track}
      class={css.track}
      classList={{ [css.active!]: dragging() || props.scroller.moving() }}
      role="slider"
      tabIndex={0}
      aria-label={t('timeline.scrubber')}
      aria-orientation="vertical"
      aria-valuemin={0}
      aria-valuemax={props.plan.months.length - 1}
      aria-valuenow={current()}
      aria-valuetext={formatMonthYear(bucketOf(current()))}
      onPointerDown={event => {
        if (event.button !== 0) return
        event.preventDefault()
        track.focus({ preventScroll: true })
        track.setPointerCapture(event.pointerId)
        setDragging(true)
        drag(event)
      }}
      onPointerMove={drag}
      onPointerUp={() => setDragging(false)}
      onPointerCancel={() => setDragging(false)}
      onPointerLeave={() => setHover(null)}
      onKeyDown={event => {
        const run = keys[event.key]
        if (!run) return
        event.preventDefault()
        event.stopPropagation()
        run()
      }}
    >
      <For each={years()}>
        {label => (
          <span class={css.year} style={{ top: `${INSET + label.y}px` }} aria-hidden="true">
            {label.year}
          </span>
        )}
      </For>
      <Show when={bubble()}>
        {shown => (
          <span class={css.ghost} style={{ top: `${INSET + shown().y}px` }} aria-hidden="true">
            <span class={css.bubble}>{formatShortMonth(shown().bucket)}</span>
          </span>
        )}
      </Show>
      <span class={css.handle} style={{ top: `${INSET + at() * length()}px` }} aria-hidden="true">
        <Show when={props.scroller.rushing() && !bubble()}>
          <span class={css.bubble}>{formatShortMonth(bucketOf(current()))}</span>
        </Show>
      </span>
    </div>
  )
}
