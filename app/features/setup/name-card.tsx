import { type Component, For, Show } from 'solid-js'
import { t } from '../../i18n/index.ts'
import { Button } from '../../ui/button/button.tsx'
import { TextField } from '../../ui/text-field/text-field.tsx'
import css from './setup.module.css'

interface NameField {
  label: string
  placeholder: string
  value: string
  onChange: (value: string) => void
  required: boolean
}

interface NameCardProps {
  step: number
  steps: number
  title: string
  text: string
  fields: NameField[]
  onBack?: () => void
  onNext: () => void
}

/** A card that asks for names. */
export const NameCard: Component<NameCardProps> = props => {
  const complete = (): boolean => props.fields.every(field => !field.required || field.value.trim() !== '')
  return (
    <form
      class={css.card}
      onSubmit={event => {
        event.preventDefault()
        if (complete()) props.onNext()
      }}
    >
      <p class={css.step}>{t('setup.step', { step: props.step, total: props.steps })}</p>
      <h2 class={css.title} tabIndex={-1}>
        {props.title}
      </h2>
      <p class={css.text}>{props.text}</p>
      <div class={css.fields}>
        <For each={props.fields.map((_, i) => i)}>
          {i => (
            <TextField
              label={props.fields[i]!.label}
              placeholder={props.fields[i]!.placeholder}
              value={props.fields[i]!.value}
              onChange={(value: string) => props.fields[i]!.onChange(value)}
              maxLength={80}
              autocomplete="off"
              autofocus={i === 0}
            />
          )}
        </For>
      </div>
      <footer class={css.footer}>
        <Show when={props.onBack}>
          <Button tone="quiet" onClick={() => props.onBack?.()}>
            {t('action.back')}
          </Button>
        </Show>
        <Button tone="primary" type="submit" class={css.next} disabled={!complete()}>
          {t('action.next')}
        </Button>
      </footer>
    </form>
  )
}
