import type { Component } from 'solid-js'
import css from './spinner.module.css'

/** Waiting, said aloud to those who do not see it turn. Appears only when it takes a moment. */
export const Spinner: Component<{ label: string }> = props => (
  <div class={css.box} role="status">
    <div class={css.ring} />
    <span class="visually-hidden">{props.label}</span>
  </div>
)
