import { createUniqueId, For, type JSX, Show } from 'solid-js'
import css from './choice.module.css'

export interface Option<T extends string> {
  value: T
  label: string
  text?: string
  icon?: JSX.Element
}

interface ChoiceProps<T extends string> {
  label: string
  options: Option<T>[]
  value: T
  onChange: (value: T) => void
  /** A row of short options instead of cards. */
  row?: boolean
}

/** One of a few options. */
export function Choice<T extends string>(props: ChoiceProps<T>): JSX.Element {
  const name = createUniqueId()
  return (
    <fieldset class={props.row ? css.row : css.cards}>
      <legend class="visually-hidden">{props.label}</legend>
      <For each={props.options}>
        {option => (
          <label class={css.option}>
            <input
              class={css.input}
              type="radio"
              name={name}
              checked={props.value === option.value}
              onChange={() => props.onChange(option.value)}
            />
            {option.icon}
            <span>
              <span class={css.label}>{option.label}</span>
              <Show when={option.text}>
                <span class={css.text}>{option.text}</span>
              </Show>
            </span>
          </label>
        )}
      </For>
    </fieldset>
  )
}
