import { Tooltip as Kobalte } from '@kobalte/core/tooltip'
import { type Component, type JSX, splitProps } from 'solid-js'
import { Tooltip } from '../tooltip/tooltip.tsx'
import css from './icon-button.module.css'

interface IconButtonProps {
  /** Its name, for screen readers and the tooltip. */
  label: string
  class?: string | undefined
  disabled?: boolean
  /** For a button that stays down. */
  'aria-pressed'?: boolean
  /** On a picture rather than on paper. */
  dark?: boolean
  onClick?: (event: MouseEvent) => void
  children: JSX.Element
}

/** A button with an icon alone. */
export const IconButton: Component<IconButtonProps> = props => {
  const [own, rest] = splitProps(props, ['label', 'dark', 'class', 'children'])
  return (
    <Tooltip text={own.label}>
      <Kobalte.Trigger
        type="button"
        aria-label={own.label}
        {...rest}
        class={`${css.button} ${own.dark ? css.dark : ''} ${own.class ?? ''}`}
      >
        {own.children}
      </Kobalte.Trigger>
    </Tooltip>
  )
}
