import { type JSX, type ParentComponent, Show } from 'solid-js'
import css from './empty-state.module.css'

/** Says plainly why there is nothing to see, and what can be done. */
export const EmptyState: ParentComponent<{
  icon: JSX.Element
  title: string
  text?: string
  alert?: boolean
}> = props => (
  <div class={css.state} role={props.alert ? 'alert' : undefined}>
    <div class={css.icon}>{props.icon}</div>
    <h2 class={css.title}>{props.title}</h2>
    <Show when={props.text}>
      <p class={css.text}>{props.text}</p>
    </Show>
    <Show when={props.children}>
      <div class={css.actions}>{props.children}</div>
    </Show>
  </div>
)
