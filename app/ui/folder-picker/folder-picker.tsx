import CornerLeftUp from 'lucide-solid/icons/corner-left-up'
import FolderIcon from 'lucide-solid/icons/folder'
import { type Component, createEffect, createSignal, For, type JSX, on, onCleanup, Show } from 'solid-js'
import type { Folder } from '../../../shared/schema/api.ts'
import { t } from '../../i18n/index.ts'
import { Button } from '../button/button.tsx'
import { Dialog } from '../dialog/dialog.tsx'
import { Spinner } from '../spinner/spinner.tsx'
import css from './folder-picker.module.css'

interface FolderPickerProps {
  open: boolean
  onClose: () => void
  onChoose: (path: string) => void
  /** The folders in a folder, or the starting points for null. */
  list: (path: string | null, signal: AbortSignal) => Promise<Folder>
  reasonOf: (error: unknown) => string
  /** More to decide, above the button. */
  children?: JSX.Element
}

/** Walks through the folders of the machine that Homeroll runs on. */
export const FolderPicker: Component<FolderPickerProps> = props => (
  <Dialog open={props.open} onClose={() => props.onClose()} title={t('folders.title')}>
    <Browser {...props} />
  </Dialog>
)

const Browser: Component<FolderPickerProps> = props => {
  const [path, setPath] = createSignal<string | null>(null)
  const [folder, setFolder] = createSignal<Folder | null>(null)
  const [failure, setFailure] = createSignal<string | null>(null)
  const [looking, setLooking] = createSignal(true)
  let list!: HTMLUListElement

  createEffect(
    on(path, wanted => {
      const controller = new AbortController()
      onCleanup(() => controller.abort())
      setLooking(true)
      setFailure(null)
      props
        .list(wanted, controller.signal)
        .then(setFolder, (error: unknown) => {
          if (!controller.signal.aborted) setFailure(props.reasonOf(error))
        })
        .finally(() => {
          if (controller.signal.aborted) return
          setLooking(false)
          list.scrollTop = 0
        })
    }),
  )
  const name = (): string =>
    folder()
      ?.path.split(/[/\\]/)
      .findLast(part => part !== '') ??
    folder()?.path ??
    ''
  const hint = (): string => {
    const count = folder()?.pictures ?? 0
    return count > 0 ? t('folders.pictures', { count }) : t('folders.pictures.none')
  }

  return (
    <>
      <nav class={css.places} aria-label={t('folders.places')}>
        <For each={folder()?.places ?? []}>
          {place => (
            <button
              type="button"
              class={css.place}
              aria-current={place.path === folder()?.path ? 'location' : undefined}
              onClick={() => setPath(place.path)}
            >
              {place.name}
            </button>
          )}
        </For>
      </nav>
      <div class={css.where}>
        <button
          type="button"
          class={css.up}
          aria-label={t('folders.up')}
          disabled={(folder()?.parent ?? null) === null}
          onClick={() => setPath(folder()?.parent ?? null)}
        >
          <CornerLeftUp size={18} />
        </button>
        <span class={css.path} title={folder()?.path}>
          <bdi>{folder()?.path}</bdi>
        </span>
      </div>
      <ul
        class={css.list}
        ref={list}
        aria-label={t('folders.list', { path: folder()?.path ?? '' })}
        aria-busy={looking()}
      >
        <Show when={folder() === null && looking()}>
          <li>
            <Spinner label={t('folders.loading')} />
          </li>
        </Show>
        <Show when={failure()}>
          {reason => (
            <li class={css.failure} role="alert">
              {t('folders.failed', { reason: reason() })}
            </li>
          )}
        </Show>
        <For
          each={folder()?.folders ?? []}
          fallback={
            <Show when={folder() && !failure()}>
              <li class={css.empty}>{t('folders.empty')}</li>
            </Show>
          }
        >
          {inner => (
            <li>
              <button type="button" class={css.folder} onClick={() => setPath(inner.path)}>
                <FolderIcon size={20} />
                <span>{inner.name}</span>
              </button>
            </li>
          )}
        </For>
      </ul>
      <Show when={props.children}>
        <div class={css.more}>{props.children}</div>
      </Show>
      <footer class={css.footer}>
        <p class={css.hint}>{folder() ? hint() : ''}</p>
        <Button
          tone="primary"
          class={css.choose}
          disabled={folder() === null || looking()}
          onClick={() => {
            props.onChoose(folder()!.path)
            props.onClose()
          }}
        >
          {t('folders.choose', { name: name() })}
        </Button>
      </footer>
    </>
  )
}
