import { type Component, type ComponentProps, splitProps } from 'solid-js'
import css from './button.module.css'

type ButtonProps = ComponentProps<'button'> & { tone?: 'primary' | 'plain' | 'quiet' }

/** A button with words. */
export const Button: Component<ButtonProps> = props => {
  const [own, rest] = splitProps(props, ['tone', 'class'])
  return <button type="button" {...rest} class={`${css.button} ${css[own.tone ?? 'plain']} ${own.class ?? ''}`} />
}
