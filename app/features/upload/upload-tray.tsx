import CircleCheck from 'lucide-solid/icons/circle-check'
import X from 'lucide-solid/icons/x'
import { type Component, For, Show } from 'solid-js'
import { t } from '../../i18n/index.ts'
import { Button } from '../../ui/button/button.tsx'
import { IconButton } from '../../ui/icon-button/icon-button.tsx'
import { ProgressBar } from '../../ui/progress-bar/progress-bar.tsx'
import { cancelUploads, dismissUploads, retryUploads, uploads, uploadsIdle, uploadsProgress } from './uploads.ts'
import css from './upload.module.css'

/** How the uploads fare: there while there are any, until it is dismissed. */
export const UploadTray: Component = () => {
  const idle = (): boolean => uploadsIdle(uploads())
  const summary = (): string[] => {
    const { added, duplicates, failed, cancelled } = uploads()
    return [
      ...(added > 0 ? [t('upload.done', { count: added })] : []),
      ...(duplicates > 0 ? [t('upload.duplicates', { count: duplicates })] : []),
      ...(failed > 0 ? [t('upload.failed', { count: failed })] : []),
      ...(cancelled > 0 ? [t('upload.cancelled.count', { count: cancelled })] : []),
    ]
  }
  const headline = (): string => {
    const { added, duplicates, total, looking } = uploads()
    if (idle()) return summary()[0] ?? t('upload.cancelled')
    if (total === 0 && looking) return t('upload.looking')
    return t('upload.running', { done: added + duplicates, total })
  }
  return (
    <Show when={uploads().total > 0 || uploads().looking}>
      <section class={css.tray} aria-label={t('upload.title')}>
        <header class={css.trayHeader}>
          <Show when={idle() && uploads().failed === 0}>
            <CircleCheck size={20} class={css.good!} />
          </Show>
          <p class={css.headline} role="status">
            {headline()}
          </p>
          <Show when={idle()}>
            <IconButton label={t('action.dismiss')} onClick={dismissUploads}>
              <X size={18} />
            </IconButton>
          </Show>
        </header>
        <Show when={!idle()}>
          <ProgressBar label={t('upload.title')} value={uploads().total === 0 ? null : uploadsProgress(uploads())} />
          <p class={css.current}>{uploads().current[0] ?? ''}</p>
        </Show>
        <Show when={idle() && summary().length > 1}>
          <p class={css.current}>{summary().slice(1).join(' · ')}</p>
        </Show>
        <Show when={!idle() && uploads().duplicates > 0}>
          <p class={css.current}>{t('upload.duplicates', { count: uploads().duplicates })}</p>
        </Show>
        <Show when={uploads().failures.length > 0}>
          <ul class={css.failures} tabIndex={0} aria-label={t('upload.failed', { count: uploads().failed })}>
            <For each={uploads().failures}>
              {failure => (
                <li>
                  <span class={css.failureName}>{failure.name}</span>
                  <span class={css.failureReason}>{failure.reason}</span>
                </li>
              )}
            </For>
          </ul>
        </Show>
        <Show when={!idle()}>
          <Button tone="quiet" class={css.trayAction} onClick={cancelUploads}>
            {t('upload.cancel')}
          </Button>
        </Show>
        <Show when={idle() && uploads().failures.length > 0}>
          <Button class={css.trayAction} onClick={retryUploads}>
            {t('upload.retry')}
          </Button>
        </Show>
      </section>
    </Show>
  )
}
