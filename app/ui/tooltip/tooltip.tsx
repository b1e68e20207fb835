import { Tooltip as Root } from '@kobalte/core/tooltip'
import type { ParentComponent } from 'solid-js'
import css from './tooltip.module.css'

/** Names what has only an icon, after a short rest of the pointer or on focus. `trigger` gets the element's props. */
export const Tooltip: ParentComponent<{ text: string; placement?: 'top' | 'bottom' | 'right' }> = props => (
  <Root openDelay={500} closeDelay={0} placement={props.placement ?? 'bottom'} gutter={6}>
    {props.children}
    <Root.Portal>
      <Root.Content class={css.tooltip}>{props.text}</Root.Content>
    </Root.Portal>
  </Root>
)
