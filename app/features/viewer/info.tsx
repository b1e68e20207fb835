import Copy from 'lucide-solid/icons/copy'
import Star from 'lucide-solid/icons/star'
import X from 'lucide-solid/icons/x'
import { type Component, createEffect, createSignal, For, type JSX, on, Show } from 'solid-js'
import type { AssetRecord } from '../../../shared/schema/api.ts'
import { describeAsset } from '../../data/change.ts'
import { notify } from '../../data/notices.ts'
import {
  formatBytes,
  formatDuration,
  formatFullDate,
  formatNumber,
  formatPlace,
  formatTime,
  t,
} from '../../i18n/index.ts'
import { IconButton } from '../../ui/icon-button/icon-button.tsx'
import css from './info.module.css'

const Fact: Component<{ name: string; children: JSX.Element }> = props => (
  <div class={css.fact}>
    <dt>{props.name}</dt>
    <dd>{props.children}</dd>
  </div>
)

const Stars: Component<{ record: AssetRecord }> = props => (
  <div class={css.stars} role="group" aria-label={t('info.rating')}>
    <For each={[1, 2, 3, 4, 5]}>
      {count => {
        const on = (): boolean => (props.record.rating ?? 0) >= count
        return (
          <button
            type="button"
            class={css.star}
            aria-label={t('info.rating.set', { count })}
            aria-pressed={props.record.rating === count}
            onClick={() =>
              void describeAsset(props.record.id, { rating: props.record.rating === count ? null : count })
            }
          >
            <Star size={22} fill={on() ? 'currentColor' : 'none'} strokeWidth={1.75} />
          </button>
        )
      }}
    </For>
  </div>
)

const Caption: Component<{ record: AssetRecord }> = props => {
  const [text, setText] = createSignal('')
  /** What the text was taken from. */
  let origin = { id: '', caption: '' }
  const save = (): void => {
    const caption = text().trim()
    const { id } = origin
    if (id === '' || caption === origin.caption) return
    origin = { id, caption }
    void describeAsset(id, { caption: caption === '' ? null : caption })
  }
  createEffect(
    on([() => props.record.id, () => props.record.description], ([id, description]) => {
      const caption = description ?? ''
      // Another photo came while this one's caption was being written.
      if (origin.id !== id) save()
      // What somebody writes is not overwritten by what arrives meanwhile.
      else if (text() !== origin.caption && text() !== caption) return
      origin = { id, caption }
      setText(caption)
    }),
  )
  /** The keys of the viewer work again once its own element has the focus. */
  const leave = (field: HTMLElement): void => field.closest<HTMLElement>('[role=dialog]')?.focus()
  return (
    <textarea
      class={css.caption}
      aria-label={t('info.caption')}
      placeholder={t('info.caption.placeholder')}
      dir="auto"
      rows={2}
      maxLength={2000}
      value={text()}
      onInput={event => setText(event.currentTarget.value)}
      onBlur={save}
      onKeyDown={event => {
        if (event.key === 'Escape') {
          event.stopPropagation()
          setText(props.record.description ?? '')
          leave(event.currentTarget)
        }
        if (event.key === 'Enter' && !event.shiftKey) {
          event.preventDefault()
          leave(event.currentTarget)
        }
      }}
    />
  )
}

/** What is known about an asset; its caption and its rating can be changed here. */
export const Info: Component<{ record: AssetRecord; onClose: () => void }> = props => {
  const camera = (): string => {
    const { make, model } = props.record
    return model !== null && make !== null && !model.toLowerCase().startsWith(make.toLowerCase().split(' ')[0]!)
      ? `${make} ${model}`
      : (model ?? make ?? '')
  }
  const exposure = (): string => {
    const { exposure: time, fNumber, focalLengthMm, iso } = props.record
    const parts = [
      time === null ? '' : `${time} s`,
      fNumber === null ? '' : `ƒ/${fNumber}`,
      focalLengthMm === null ? '' : `${Number(focalLengthMm.toFixed(1))} mm`,
      iso === null ? '' : `ISO ${iso}`,
    ]
    return parts.filter(part => part !== '').join('  ·  ')
  }
  const place = (): string => [props.record.city, props.record.region, props.record.country].filter(Boolean).join(', ')
  const copy = (): void => {
    void navigator.clipboard.writeText(props.record.sha256).then(() => notify({ text: t('info.copied') }))
  }

  return (
    <aside class={css.panel} aria-label={t('info.title')} data-own-pointer>
      <header class={css.header}>
        <h2 class={css.title}>{t('info.title')}</h2>
        <IconButton label={t('action.close')} onClick={() => props.onClose()}>
          <X size={20} />
        </IconButton>
      </header>
      <Caption record={props.record} />
      <Stars record={props.record} />
      <dl class={css.facts}>
        <Fact name={t('info.date')}>
          {formatFullDate(props.record.takenAt)}
          <span class={css.soft}>
            {formatTime(props.record.takenAt)}
            {props.record.timeZone === null ? '' : ` (${props.record.timeZone})`}
          </span>
        </Fact>
        <Show when={camera()}>
          <Fact name={t('info.camera')}>
            {camera()}
            <Show when={props.record.lens}>
              <span class={css.soft}>{props.record.lens}</span>
            </Show>
            <Show when={exposure()}>
              <span class={css.soft}>{exposure()}</span>
            </Show>
          </Fact>
        </Show>
        <Show when={props.record.latitude !== null && props.record.longitude !== null}>
          <Fact name={t('info.place')}>
            <Show when={place()}>{place()}</Show>
            <span class={css.soft}>{formatPlace(props.record.latitude!, props.record.longitude!)}</span>
          </Fact>
        </Show>
        <Fact name={t('info.file')}>
          <span class={css.breakable} dir="auto">
            {props.record.fileName}
          </span>
          <span class={css.soft}>
            <Show when={props.record.width !== null && props.record.height !== null}>
              {`${formatNumber(props.record.width!)} × ${formatNumber(props.record.height!)}  ·  `}
            </Show>
            {formatBytes(props.record.bytes)}
            <Show when={props.record.durationMs !== null}>{`  ·  ${formatDuration(props.record.durationMs!)}`}</Show>
          </span>
        </Fact>
        <Show when={props.record.tags.length > 0}>
          <Fact name={t('info.tags')}>
            <ul class={css.tags}>
              <For each={props.record.tags}>{tag => <li class={css.tag}>{tag}</li>}</For>
            </ul>
          </Fact>
        </Show>
        <Fact name={t('info.copies')}>{t('info.copies.count', { count: props.record.copies })}</Fact>
        <Fact name={t('info.checksum')}>
          <span class={css.checksum}>
            <code class={css.hash}>{props.record.sha256}</code>
            <IconButton label={t('info.checksum.copy')} onClick={copy}>
              <Copy size={16} />
            </IconButton>
          </span>
        </Fact>
      </dl>
    </aside>
  )
}
