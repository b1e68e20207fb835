import Pause from 'lucide-solid/icons/pause'
import Play from 'lucide-solid/icons/play'
import TriangleAlert from 'lucide-solid/icons/triangle-alert'
import { type Component, createSignal, For, Show } from 'solid-js'
import type { ImportProgress } from '../../../shared/schema/api.ts'
import { reasonOf } from '../../data/api.ts'
import { steerImport } from '../../data/imports.ts'
import { notify } from '../../data/notices.ts'
import { formatBytes, formatTimeLeft, formatWhen, t } from '../../i18n/index.ts'
import { Button } from '../../ui/button/button.tsx'
import { ProgressBar } from '../../ui/progress-bar/progress-bar.tsx'
import { fractionOf } from './fraction.ts'
import css from './imports.module.css'

/** One import: how far it is, what could not be read, and a way to stop it or go on. */
export const ImportCard: Component<{ progress: ImportProgress }> = props => {
  const [busy, setBusy] = createSignal(false)
  const files = (): ImportProgress['files'] => props.progress.files
  const active = (): boolean => ['looking', 'running', 'waiting'].includes(props.progress.state)
  const steer = (action: 'stop' | 'resume'): void => {
    setBusy(true)
    steerImport(props.progress.id, action)
      .catch((error: unknown) => notify({ text: t('change.failed', { reason: reasonOf(error) }), tone: 'bad' }))
      .finally(() => setBusy(false))
  }
  const name = (): string => props.progress.paths.join(', ')
  const pace = (): string[] => {
    const { rate, secondsLeft, state } = props.progress
    if (state !== 'running') return []
    return [
      ...(rate.filesPerSecond > 0
        ? [t('imports.rate', { files: Math.round(rate.filesPerSecond), bytes: formatBytes(rate.bytesPerSecond) })]
        : []),
      ...(secondsLeft === null ? [] : [t('imports.left', { time: formatTimeLeft(secondsLeft) })]),
    ]
  }
  const outcome = (): string[] => [
    t('imports.new', { count: files().imported }),
    ...(files().duplicates > 0 ? [t('imports.duplicates', { count: files().duplicates })] : []),
    ...(files().failed > 0 ? [t('imports.failures', { count: files().failed })] : []),
  ]
  const toRender = (): number => Math.max(0, files().imported - files().rendered)

  return (
    <article class={css.card} aria-label={name()}>
      <header class={css.header}>
        <div class={css.names}>
          <h2 class={css.path}>
            <For each={props.progress.paths}>{path => <span>{path}</span>}</For>
          </h2>
          <p class={css.soft}>
            {props.progress.inPlace ? t('imports.inPlace') : t('imports.copied')}
            {' · '}
            {formatWhen(localOf(props.progress.startedAt))}
          </p>
        </div>
        <span class={css.state} data-state={props.progress.state}>
          {t(`imports.state.${props.progress.state}`)}
        </span>
      </header>
      <Show when={props.progress.state !== 'done'}>
        <ProgressBar
          label={t('imports.progress', { path: name() })}
          value={fractionOf(props.progress)}
          quiet={!active()}
        />
        <p class={css.line}>
          <span>{t('imports.counted', { done: files().done, found: files().found })}</span>
          <span class={css.soft}>
            {t('imports.bytes', {
              done: formatBytes(props.progress.bytes.done),
              found: formatBytes(props.progress.bytes.found),
            })}
          </span>
        </p>
      </Show>
      <Show when={props.progress.reason}>
        {reason => (
          <p class={css.reason} role="status">
            <TriangleAlert size={18} />
            <span>{reason()}</span>
          </p>
        )}
      </Show>
      <Show when={pace().length > 0}>
        <p class={css.soft}>{pace().join(' · ')}</p>
      </Show>
      <p class={css.outcome}>{outcome().join(' · ')}</p>
      <Show when={toRender() > 0}>
        <p class={css.soft}>{t('imports.rendering', { count: toRender() })}</p>
      </Show>
      <Show when={props.progress.failures.length > 0}>
        <details class={css.failures}>
          <summary>{t('imports.failures', { count: files().failed })}</summary>
          <ul class={css.list} tabIndex={0} aria-label={t('imports.failures', { count: files().failed })}>
            <For each={props.progress.failures}>
              {failure => (
                <li>
                  <span class={css.failurePath}>{failure.path}</span>
                  <span class={css.soft}>{withoutPath(failure)}</span>
                </li>
              )}
            </For>
          </ul>
          <Show when={files().failed > props.progress.failures.length}>
            <p class={css.soft}>{t('imports.failures.newest', { count: props.progress.failures.length })}</p>
          </Show>
        </details>
      </Show>
      <Show when={active()}>
        <Button class={css.action} disabled={busy()} onClick={() => steer('stop')}>
          <Pause size={16} />
          {t('imports.stop')}
        </Button>
      </Show>
      <Show when={props.progress.state === 'stopped'}>
        <Button tone="primary" class={css.action} disabled={busy()} onClick={() => steer('resume')}>
          <Play size={16} />
          {t('imports.resume')}
        </Button>
      </Show>
    </article>
  )
}

/** The message alone, where it begins with the path that is shown above it. */
function withoutPath({ path, message }: ImportProgress['failures'][number]): string {
  return message.startsWith(`${path}: `) ? message.slice(path.length + 2) : message
}

/** An instant as local date and time of this browser. */
function localOf(instant: string): string {
  const date = new Date(instant)
  return Number.isNaN(date.getTime())
    ? instant
    : new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString()
}
