import CloudOff from 'lucide-solid/icons/cloud-off'
import SearchIcon from 'lucide-solid/icons/search'
import SearchX from 'lucide-solid/icons/search-x'
import { type Component, createEffect, createMemo, createSignal, For, on, onCleanup, onMount, Show } from 'solid-js'
import { layoutRows } from '../../../shared/geometry/index.ts'
import type { SearchHit } from '../../../shared/schema/api.ts'
import { reasonOf, thumbnailUrl } from '../../data/api.ts'
import { SEARCH_LIMIT, searchAgain, searchFailure, searchHits, setSearchQuery } from '../../data/search.ts'
import { formatWhen, t } from '../../i18n/index.ts'
import { Button } from '../../ui/button/button.tsx'
import { EmptyState } from '../../ui/empty-state/empty-state.tsx'
import { PhotoTile } from '../../ui/photo-tile/photo-tile.tsx'
import { Spinner } from '../../ui/spinner/spinner.tsx'
import css from './search.module.css'

interface SearchPageProps {
  query: string
  hrefOf: (id: string) => string
  /** The asset that the viewer shows; when it closes, the focus goes back to it. */
  openId: string | null
}

/** What was found, best first. */
export const SearchPage: Component<SearchPageProps> = props => {
  createEffect(() => setSearchQuery(props.query))
  const count = (): number => searchHits()?.length ?? 0
  const heading = (): string => {
    if (props.query === '') return t('search.title')
    if (!searchHits()) return t('search.title')
    return t(count() >= SEARCH_LIMIT ? 'search.more' : 'search.results', { count: count(), query: props.query })
  }
  return (
    <div class={css.page}>
      <h1 class={count() > 0 ? css.heading : 'visually-hidden'}>{heading()}</h1>
      <p class="visually-hidden" role="status">
        {heading()}
      </p>
      <Show
        when={props.query !== ''}
        fallback={
          <EmptyState
            icon={<SearchIcon size={36} strokeWidth={1.5} />}
            title={t('search.start.title')}
            text={t('search.start.text')}
          />
        }
      >
        <Show when={searchFailure()}>
          {error => (
            <EmptyState
              alert
              icon={<CloudOff size={36} strokeWidth={1.5} />}
              title={t('search.failed.title')}
              text={reasonOf(error())}
            >
              <Button onClick={searchAgain}>{t('action.retry')}</Button>
            </EmptyState>
          )}
        </Show>
        <Show when={!searchFailure()}>
          <Show when={searchHits()} fallback={<Spinner label={t('search.title')} />}>
            {hits => (
              <Show
                when={hits().length > 0}
                fallback={
                  <EmptyState
                    icon={<SearchX size={36} strokeWidth={1.5} />}
                    title={t('search.none.title', { query: props.query })}
                    text={t('search.none.text')}
                  />
                }
              >
                <Results hits={hits()} hrefOf={props.hrefOf} openId={props.openId} />
              </Show>
            )}
          </Show>
        </Show>
      </Show>
    </div>
  )
}

const Results: Component<{ hits: SearchHit[]; hrefOf: (id: string) => string; openId: string | null }> = props => {
  const [width, setWidth] = createSignal(0)
  let grid!: HTMLDivElement
  onMount(() => {
    const observer = new ResizeObserver(() => setWidth(grid.clientWidth))
    observer.observe(grid)
    setWidth(grid.clientWidth)
    onCleanup(() => observer.disconnect())
  })
  createEffect(
    on(
      () => props.openId,
      (now, before) => {
        if (now !== null || before == null) return
        grid.querySelector<HTMLElement>(`[data-asset="${CSS.escape(before)}"] a`)?.focus()
      },
      { defer: true },
    ),
  )
  const spots = createMemo(() => {
    const ratios = props.hits.map(hit => (hit.width && hit.height ? hit.width / hit.height : 1.5))
    const small = width() < 700
    const layout = layoutRows(ratios, () => false, {
      width: Math.max(1, width()),
      targetHeight: small ? 128 : 220,
      gap: small ? 3 : 4,
      groupGap: 0,
      labelHeight: 0,
    })
    const found = new Map<string, { hit: SearchHit; left: number; top: number; width: number; height: number }>()
    for (const row of layout.rows) {
      for (let i = row.start; i < row.end; i++) {
        const place = { left: layout.left[i]!, top: row.top, width: layout.width[i]!, height: row.height }
        found.set(props.hits[i]!.id, { hit: props.hits[i]!, ...place })
      }
    }
    return { found, height: layout.height }
  })
  return (
    <div class={css.grid} ref={grid} style={{ height: `${spots().height}px` }}>
      <Show when={width() > 0}>
        <For each={[...spots().found.keys()]}>
          {id => {
            let last!: { hit: SearchHit; left: number; top: number; width: number; height: number }
            const spot = (): typeof last => (last = spots().found.get(id) ?? last)
            return (
              <PhotoTile
                id={id}
                href={props.hrefOf(id)}
                src={thumbnailUrl(id, spot().hit.state === 'ready')}
                retry={spot().hit.state === 'ready' ? null : spot().hit}
                type={spot().hit.type}
                when={formatWhen(spot().hit.takenAt)}
                durationMs={spot().hit.durationMs}
                favourite={spot().hit.favourite}
                thumbhash={null}
                left={spot().left}
                top={spot().top}
                width={spot().width}
                height={spot().height}
                tabIndex={0}
              />
            )
          }}
        </For>
      </Show>
    </div>
  )
}
