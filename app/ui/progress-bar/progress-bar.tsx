import type { Component } from 'solid-js'
import css from './progress-bar.module.css'

/** How far something is, 0 to 1; null: it runs, but nobody knows how far. */
export const ProgressBar: Component<{ label: string; value: number | null; quiet?: boolean }> = props => (
  <div
    class={`${css.track} ${props.value === null ? css.unknown : ''} ${props.quiet ? css.quiet : ''}`}
    role="progressbar"
    aria-label={props.label}
    aria-valuemin={0}
    aria-valuemax={100}
    aria-valuenow={props.value === null ? undefined : Math.floor(props.value * 100)}
  >
    <div class={css.fill} style={{ transform: `scaleX(${props.value ?? 0.3})` }} />
  </div>
)
