import { Toast, toaster } from '@kobalte/core/toast'
import X from 'lucide-solid/icons/x'
import { type Component, Show } from 'solid-js'
import { Portal } from 'solid-js/web'
import { t } from '../../i18n/index.ts'
import css from './toast.module.css'

export interface ToastText {
  text: string
  tone?: 'plain' | 'bad'
  action?: { label: string; run: () => void }
}

/** Shows a short note at the bottom of the page for some seconds. */
export function showToast(note: ToastText): void {
  toaster.show(props => (
    <Toast toastId={props.toastId} class={`${css.toast} ${note.tone === 'bad' ? css.bad : ''}`}>
      <Toast.Title class={css.text}>{note.text}</Toast.Title>
      <Show when={note.action}>
        {action => (
          <button
            type="button"
            class={css.action}
            onClick={() => {
              toaster.dismiss(props.toastId)
              action().run()
            }}
          >
            {action().label}
          </button>
        )}
      </Show>
      <Toast.CloseButton class={css.close} aria-label={t('action.dismiss')}>
        <X size={16} />
      </Toast.CloseButton>
    </Toast>
  ))
}

/** Where the notes appear. */
export const ToastRegion: Component = () => (
  <Portal>
    <Toast.Region duration={6000} limit={3} swipeDirection="down">
      <Toast.List class={css.list} />
    </Toast.Region>
  </Portal>
)
