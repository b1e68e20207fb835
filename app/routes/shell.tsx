import { useLocation, useNavigate } from '@solidjs/router'
import Archive from 'lucide-solid/icons/archive'
import Heart from 'lucide-solid/icons/heart'
import Images from 'lucide-solid/icons/images'
import Trash2 from 'lucide-solid/icons/trash'
import WifiOff from 'lucide-solid/icons/wifi-off'
import {
  type Component,
  createMemo,
  createSignal,
  createEffect,
  Match,
  onCleanup,
  onMount,
  Show,
  Switch,
} from 'solid-js'
import { Dynamic } from 'solid-js/web'
import type { View } from '../../shared/schema/api.ts'
import { isConnected } from '../data/events.ts'
import { activeImports } from '../data/imports.ts'
import { drawNoticesWith } from '../data/notices.ts'
import { nodeStatus } from '../data/status.ts'
import { DevicePage } from '../features/device/device-page.tsx'
import { WarningSign } from '../features/device/warning-sign.tsx'
import { ImportChip } from '../features/imports/import-chip.tsx'
import { ImportsPage } from '../features/imports/imports-page.tsx'
import { SearchField } from '../features/search/search-field.tsx'
import { SearchPage } from '../features/search/search-page.tsx'
import { Timeline } from '../features/timeline/timeline.tsx'
import { AddButton } from '../features/upload/add-button.tsx'
import { UploadArea } from '../features/upload/upload-area.tsx'
import { Viewer } from '../features/viewer/viewer.tsx'
import { t, type TextKey } from '../i18n/index.ts'
import { EmptyState } from '../ui/empty-state/empty-state.tsx'
import { showToast, ToastRegion } from '../ui/toast/toast.tsx'
import {
  DEVICE,
  IMPORTS,
  pathBelow,
  pathOfView,
  photoPath,
  readAddress,
  SEARCH,
  searchPath,
  sourceOf,
} from './address.ts'
import { BottomBar, Rail } from './navigation.tsx'
import css from './shell.module.css'

const titles: Record<View, TextKey> = {
  all: 'nav.photos',
  favourites: 'nav.favourites',
  archive: 'nav.archive',
  trash: 'nav.trash',
}

/** A lost connection is told only when it lasts, milliseconds. */
const PATIENCE = 1500

function useConnectionNote(): () => boolean {
  const [shown, setShown] = createSignal(false)
  createEffect(() => {
    if (isConnected()) return setShown(false)
    const timer = setTimeout(() => setShown(true), PATIENCE)
    onCleanup(() => clearTimeout(timer))
  })
  return shown
}

const EmptyView: Component<{ view: View }> = props => {
  const icons = { all: Images, favourites: Heart, archive: Archive, trash: Trash2 }
  const text = (): string =>
    props.view === 'all' && activeImports().length > 0
      ? t('timeline.empty.all.importing')
      : t(`timeline.empty.${props.view}.text`)
  return (
    <EmptyState
      icon={<Dynamic component={icons[props.view]} size={36} strokeWidth={1.5} />}
      title={t(`timeline.empty.${props.view}.title`)}
      text={text()}
    />
  )
}

/** Everything around the pages, and the page that the address names. */
export const Shell: Component = () => {
  const location = useLocation<{ opened?: boolean }>()
  const navigate = useNavigate()
  const address = createMemo(() => readAddress(location.pathname, location.search))
  const current = (): string => {
    const { page } = address()
    if (page.kind === 'timeline') return pathOfView(page.view)
    return page.kind === 'search' ? SEARCH : `/${page.kind}`
  }
  const view = createMemo<View | null>(() => {
    const { page } = address()
    return page.kind === 'timeline' ? page.view : null
  })
  /** The photo in the address; once it is gone from there, still the same, for what is just being closed. */
  const photo = createMemo<string>(last => address().photo ?? last, '')
  const title = (): string => {
    const { page } = address()
    if (page.kind === 'timeline') return t(titles[page.view])
    return t(page.kind === 'search' ? 'nav.search' : page.kind === 'imports' ? 'nav.imports' : 'nav.device')
  }
  const lost = useConnectionNote()

  onMount(() => drawNoticesWith(showToast))
  createEffect(() => {
    const isStart = address().page.kind === 'timeline' && view() === 'all'
    document.title = isStart ? t('app.name') : `${title()} · ${t('app.name')}`
  })

  const hrefOf = (id: string): string => photoPath(id, sourceOf(address()), address().query)
  const goTo = (id: string): void => navigate(hrefOf(id), { replace: true, scroll: false, state: location.state ?? {} })
  const close = (): void => {
    // Opened from a page of ours: back in history, so that the back button then leaves it too.
    if (location.state?.opened) navigate(-1)
    else navigate(pathBelow(address()), { replace: true })
  }
  const search = (query: string): void => {
    const onSearchPage = address().page.kind === 'search'
    if (query === '' && !onSearchPage) return
    navigate(searchPath(query), { replace: onSearchPage })
  }

  return (
    <div class={css.shell}>
      <a class={css.skip} href="#main">
        {t('app.skip')}
      </a>
      <Rail current={current()} family={nodeStatus()?.space?.name ?? ''}>
        <ImportChip href={IMPORTS} />
      </Rail>
      <header class={css.top} classList={{ [css.searching!]: current() === SEARCH }}>
        <p class={css.pageName}>{title()}</p>
        <div class={css.searchField}>
          <SearchField query={address().page.kind === 'search' ? address().query : ''} onSearch={search} />
        </div>
        <div class={css.topEnd}>
          <WarningSign href={DEVICE} />
          <div class={css.phoneOnly}>
            <ImportChip href={IMPORTS} />
          </div>
          <AddButton />
        </div>
      </header>
      <main class={css.main} id="main" tabIndex={-1}>
        <Show when={view()} keyed>
          {shown => (
            <>
              <h1 class="visually-hidden">{t(titles[shown])}</h1>
              <Timeline view={shown} hrefOf={hrefOf} openId={address().photo} empty={<EmptyView view={shown} />} />
            </>
          )}
        </Show>
        <Switch>
          <Match when={address().page.kind === 'search'}>
            <SearchPage query={address().query} hrefOf={hrefOf} openId={address().photo} />
          </Match>
          <Match when={address().page.kind === 'imports'}>
            <ImportsPage />
          </Match>
          <Match when={address().page.kind === 'device'}>
            <DevicePage />
          </Match>
        </Switch>
      </main>
      <BottomBar current={current()} />
      <Show when={lost()}>
        <p class={css.lost} role="status">
          <WifiOff size={16} />
          {t('connection.lost')}
        </p>
      </Show>
      <Show when={address().photo !== null}>
        <Viewer id={photo()} source={sourceOf(address())} onGo={goTo} onClose={close} />
      </Show>
      <UploadArea />
      <ToastRegion />
    </div>
  )
}
