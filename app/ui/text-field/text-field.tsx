import { type Component, type ComponentProps, createUniqueId, Show, splitProps } from 'solid-js'
import css from './text-field.module.css'

type TextFieldProps = Omit<ComponentProps<'input'>, 'onInput' | 'onChange' | 'value'> & {
  label: string
  value: string
  onChange: (value: string) => void
  error?: string | null
}

/** A line of text with its label above it and what is wrong with it below. */
export const TextField: Component<TextFieldProps> = props => {
  const id = createUniqueId()
  const [own, rest] = splitProps(props, ['label', 'value', 'onChange', 'error'])
  return (
    <div class={css.field}>
      <label class={css.label} for={id}>
        {own.label}
      </label>
      <input
        id={id}
        type="text"
        {...rest}
        class={css.input}
        value={own.value}
        aria-invalid={own.error ? 'true' : undefined}
        aria-describedby={own.error ? `${id}-error` : undefined}
        onInput={event => own.onChange(event.currentTarget.value)}
      />
      <Show when={own.error}>
        <p class={css.error} id={`${id}-error`} role="alert">
          {own.error}
        </p>
      </Show>
    </div>
  )
}
