import { A } from '@solidjs/router'
import TriangleAlert from 'lucide-solid/icons/triangle-alert'
import { type Component, createMemo, Show } from 'solid-js'
import { activeImports } from '../../data/imports.ts'
import { t } from '../../i18n/index.ts'
import { fractionOf } from './fraction.ts'
import css from './imports.module.css'

/** Length of the ring. */
const AROUND = 2 * Math.PI * 9

/** A small ring that fills while something is taken in; leads to the imports. */
export const ImportChip: Component<{ href: string }> = props => {
  const newest = createMemo(() => activeImports()[0])
  const waits = (): boolean => newest()?.state === 'waiting'
  const text = (): string => {
    const progress = newest()
    if (!progress) return ''
    const { state, files } = progress
    if (state === 'looking') return t('imports.chip.looking')
    if (state === 'waiting') return t('imports.chip.waiting')
    const toPrepare = files.imported - files.rendered
    if (files.done >= files.found && toPrepare > 0) return t('imports.chip.preparing', { count: toPrepare })
    return t('imports.chip', { done: files.done, found: files.found })
  }
  const label = (): string => {
    const progress = newest()
    if (!progress) return ''
    if (waits()) return t('imports.chip.waiting.label', { reason: progress.reason ?? '' })
    return t('imports.chip.label', { done: progress.files.done, found: progress.files.found })
  }
  const filled = (): number => {
    const progress = newest()
    return AROUND * ((progress && fractionOf(progress)) ?? 0.15)
  }
  return (
    <Show when={newest() !== undefined}>
      <A
        class={`${css.chip} ${waits() ? css.waiting : ''}`}
        href={props.href}
        aria-label={label()}
        title={waits() ? (newest()?.reason ?? '') : undefined}
      >
        <Show when={!waits()} fallback={<TriangleAlert size={18} />}>
          <svg class={css.ring} viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
            <circle class={css.ringTrack} cx="12" cy="12" r="9" />
            <circle class={css.ringFill} cx="12" cy="12" r="9" stroke-dasharray={`${filled()} ${AROUND}`} />
          </svg>
        </Show>
        <span class={css.chipText}>{text()}</span>
      </A>
    </Show>
  )
}
