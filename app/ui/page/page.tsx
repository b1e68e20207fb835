import { type JSX, type ParentComponent, Show } from 'solid-js'
import css from './page.module.css'

/** A page of words rather than pictures: a title, and sections in a column that is easy to read. */
export const Page: ParentComponent<{ title: string; action?: JSX.Element }> = props => (
  <div class={css.scroller} tabIndex={-1}>
    <div class={css.page}>
      <header class={css.header}>
        <h1>{props.title}</h1>
        <Show when={props.action}>{props.action}</Show>
      </header>
      {props.children}
    </div>
  </div>
)

/** A titled part of a page. */
export const Card: ParentComponent<{ title?: string; text?: string; action?: JSX.Element }> = props => (
  <section class={css.card}>
    <Show when={props.title}>
      <header class={css.cardHeader}>
        <div>
          <h2 class={css.cardTitle}>{props.title}</h2>
          <Show when={props.text}>
            <p class={css.cardText}>{props.text}</p>
          </Show>
        </div>
        {props.action}
      </header>
    </Show>
    {props.children}
  </section>
)
