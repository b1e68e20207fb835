import {
  batch,
  type Component,
  createEffect,
  createMemo,
  createRenderEffect,
  createSignal,
  For,
  type JSX,
  on,
  onCleanup,
  onMount,
  Show,
  untrack,
} from 'solid-js'
import { indexAt, rowsBetween } from '../../../shared/geometry/index.ts'
import type { View } from '../../../shared/schema/api.ts'
import type { Bucket } from '../../../shared/time/index.ts'
import { switchFlags } from '../../data/change.ts'
import { notify } from '../../data/notices.ts'
import type { Flags } from '../../data/pending.ts'
import { timelineOf } from '../../data/timelines.ts'
import { t } from '../../i18n/index.ts'
import { Button } from '../../ui/button/button.tsx'
import { EmptyState } from '../../ui/empty-state/empty-state.tsx'
import { Spinner } from '../../ui/spinner/spinner.tsx'
import CloudOff from 'lucide-solid/icons/cloud-off'
import { anchorAt, positionFor } from './anchor.ts'
import { measuresFor } from './measures.ts'
import { coverage, MonthSection } from './month.tsx'
import { createPlanner, placeOf, type Plan } from './plan.ts'
import { createScroller } from './scroller.ts'
import { Scrubber } from './scrubber.tsx'
import { createSelection, SELECTION_LIMIT } from './selection.ts'
import { SelectionBar } from './selection-bar.tsx'
import { acrossRows, besides, type Place } from './walk.ts'
import css from './timeline.module.css'

interface TimelineProps {
  view: View
  hrefOf: (id: string) => string
  /** The asset that the viewer shows over the timeline; when it closes, this asset is in view and has the focus. */
  openId: string | null
  empty: JSX.Element
}

/** Where each view was left, to come back to. */
const leftAt = new Map<View, number>()

/** All photos of a view as one long page. */
export const Timeline: Component<TimelineProps> = props => {
  // Each view has a timeline of its own: the page draws a new one for another view.
  const view = untrack(() => props.view)
  const store = timelineOf(view)
  const scroller = createScroller()
  const selection = createSelection(store)
  const makePlan = createPlanner()
  const [width, setWidth] = createSignal(0)
  const [focus, setFocus] = createSignal<Place | null>(null)
  let scrollElement!: HTMLDivElement
  let spacer!: HTMLDivElement
  let grid!: HTMLDivElement

  const plan = createMemo<Plan>(() => makePlan(store, measuresFor(width())))
  const ready = (): boolean => width() > 0 && store.state() === 'ready'

  createRenderEffect(
    on(plan, (next, previous) => {
      if (width() === 0) return
      const position = untrack(scroller.position)
      const anchor = previous && previous.total > 0 ? anchorAt(previous, position, untrack(scroller.viewport)) : null
      const back = previous && previous.total > 0 ? position : (leftAt.get(view) ?? 0)
      scroller.resize(next.total, anchor ? (positionFor(next, anchor) ?? position) : back)
    }),
  )
  onMount(() => {
    scroller.connect(scrollElement, spacer)
    const observer = new ResizeObserver(() => setWidth(Math.floor(grid.clientWidth)))
    observer.observe(grid)
    setWidth(Math.floor(grid.clientWidth))
    onCleanup(() => observer.disconnect())
  })
  createEffect(() => {
    if (ready()) leftAt.set(view, scroller.position())
  })

  const shown = createMemo<Bucket[]>(
    () => {
      const { months, tops } = plan()
      if (months.length === 0 || !ready()) return []
      const { from, to } = coverage(scroller)
      const first = indexAt(tops, from)
      const last = indexAt(tops, to)
      return months.slice(first, last + 1).map(month => month.bucket)
    },
    [],
    { equals: (a, b) => a.length === b.length && a.every((bucket, i) => bucket === b[i]) },
  )
  createEffect(() => store.want(shown()))

  /** The tile that Tab reaches: the one that had the focus, or the first on the screen. */
  const tabStop = createMemo<string | null>(() => {
    const { from, to } = coverage(scroller)
    const now = plan()
    const place = focus()
    if (place) {
      const index = now.indexOf.get(place.bucket) ?? -1
      const at = now.months[index]?.loaded?.columns.id.indexOf(place.id) ?? -1
      const top = at < 0 ? null : placeOf(now, index, at)
      if (top && top.top + top.height >= from && top.top <= to) return place.id
    }
    const index = indexAt(now.tops, scroller.position())
    const loaded = now.months[index]?.loaded
    if (!loaded) return null
    const into = scroller.position() - now.tops[index]! - now.measures.monthHeader
    const [row] = rowsBetween(loaded.layout, into, into, 0)
    const start = loaded.layout.rows[row]?.start
    return start === undefined ? null : (loaded.columns.id[start] ?? null)
  })

  const reveal = (place: Place): void => {
    const index = plan().indexOf.get(place.bucket) ?? -1
    const at = plan().months[index]?.loaded?.columns.id.indexOf(place.id) ?? -1
    const tile = at < 0 ? null : placeOf(plan(), index, at)
    if (!tile) return
    const top = scroller.position()
    if (tile.top - plan().measures.labelHeight < top) scroller.moveTo(tile.top - plan().measures.monthHeader)
    else if (tile.top + tile.height > top + scroller.viewport()) {
      scroller.moveTo(tile.top + tile.height - scroller.viewport() + plan().measures.monthFooter)
    }
  }
  const focusOn = (place: Place): void => {
    setFocus(place)
    reveal(place)
    queueMicrotask(() => {
      const link = grid.querySelector<HTMLElement>(`[data-asset="${CSS.escape(place.id)}"] a`)
      if (link) link.focus({ preventScroll: true })
      else scrollElement.focus({ preventScroll: true })
    })
  }
  const findPlace = (id: string): Place | null => {
    for (const { bucket } of store.buckets()) if (store.columns(bucket)?.id.includes(id)) return { bucket, id }
    return null
  }
  createEffect(
    on(
      () => props.openId,
      (now, before) => {
        if (now !== null || before == null) return
        const place = findPlace(before) ?? focus()
        if (place) focusOn(place)
      },
      { defer: true },
    ),
  )

  const change = async (ids: readonly string[], flags: Flags): Promise<void> => {
    const place = focus()
    const goes = flags.favourite === undefined && place !== null && ids.includes(place.id)
    const next = goes ? ((await besides(store, place, 1)) ?? (await besides(store, place, -1))) : null
    selection.clear()
    await Promise.all([
      switchFlags(ids, flags),
      // Once the change is drawn; not something to track.
      // eslint-disable-next-line solid/reactivity
      Promise.resolve().then(() => next && !ids.includes(next.id) && focusOn(next)),
    ])
  }
  const select = async (bucket: Bucket, id: string, range: boolean): Promise<void> => {
    setFocus({ bucket, id })
    if ((await selection.pick(bucket, id, range)) === 'too-many') {
      notify({ text: t('selection.tooMany', { count: SELECTION_LIMIT }), tone: 'bad' })
    }
  }

  const walk = async (step: () => Promise<Place | null>): Promise<void> => {
    const next = await step().catch(() => null)
    if (next) focusOn(next)
  }
  // Run by key presses alone, where nothing is tracked.
  /* eslint-disable solid/reactivity */
  const keys: Record<string, (place: Place, event: KeyboardEvent) => unknown> = {
    ArrowRight: place => walk(() => besides(store, place, 1)),
    ArrowLeft: place => walk(() => besides(store, place, -1)),
    ArrowDown: place => walk(() => acrossRows(store, plan, place, 1)),
    ArrowUp: place => walk(() => acrossRows(store, plan, place, -1)),
    f: place => {
      const columns = store.columns(place.bucket)
      const favourite = columns?.favourite[columns.id.indexOf(place.id)] ?? false
      return change(targets(place), { favourite: !favourite })
    },
    x: (place, event) => select(place.bucket, place.id, event.shiftKey),
    Delete: place => change(targets(place), { trashed: view !== 'trash' }),
    Backspace: place => change(targets(place), { trashed: view !== 'trash' }),
  }
  /* eslint-enable solid/reactivity */
  const targets = (place: Place): string[] => (selection.ids().size > 0 ? [...selection.ids()] : [place.id])

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
    if (key === 'Escape' && selection.ids().size > 0) return selection.clear()
    if (key === 'Home' || key === 'End') {
      event.preventDefault()
      return scroller.moveTo(key === 'Home' ? 0 : plan().total)
    }
    const place = focus()
    const run = keys[key]
    if (!run || !place) return
    event.preventDefault()
    void run(place, event)
  }

  return (
    <div class={css.frame}>
      <div class={css.scroller} ref={scrollElement} tabIndex={-1} onKeyDown={onKeyDown}>
        <div class={css.spacer} ref={spacer}>
          <div class={css.grid} ref={grid}>
            <For each={shown()}>
              {bucket => (
                <MonthSection
                  bucket={bucket}
                  plan={plan()}
                  scroller={scroller}
                  store={store}
                  selection={selection}
                  tabStop={tabStop()}
                  hrefOf={props.hrefOf}
                  onFocus={(inBucket, id) => setFocus({ bucket: inBucket, id })}
                  onSelect={(inBucket, id, event) => void select(inBucket, id, event.shiftKey)}
                />
              )}
            </For>
          </div>
          <Show when={store.state() === 'loading'}>
            <Spinner label={t('timeline.loading')} />
          </Show>
          <Show when={store.state() === 'failed'}>
            <EmptyState
              alert
              icon={<CloudOff size={36} strokeWidth={1.5} />}
              title={t('timeline.failed.title')}
              text={store.failure() ?? ''}
            >
              <Button onClick={() => void store.refresh(null)}>{t('action.retry')}</Button>
            </EmptyState>
          </Show>
          <Show when={ready() && plan().months.length === 0}>{props.empty}</Show>
        </div>
      </div>
      <Show when={ready() && plan().total > scroller.viewport() * 1.5}>
        <Scrubber plan={plan()} scroller={scroller} />
      </Show>
      <Show when={view === 'trash' && plan().months.length > 0}>
        <p class={css.note}>{t('timeline.trash.note')}</p>
      </Show>
      <Show when={selection.ids().size > 0}>
        <SelectionBar
          view={view}
          count={selection.ids().size}
          onClear={() =>
            batch(() => {
              selection.clear()
              scrollElement.focus({ preventScroll: true })
            })
          }
          onChange={flags => void change([...selection.ids()], flags)}
        />
      </Show>
    </div>
  )
}
