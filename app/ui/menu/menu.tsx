import { DropdownMenu as Root } from '@kobalte/core/dropdown-menu'
import { For, type Component, type JSX } from 'solid-js'
import css from './menu.module.css'

export interface MenuEntry {
  label: string
  icon: JSX.Element
  run: () => void
}

/** A button that opens a short list of things to do. */
export const Menu: Component<{
  label: string
  class?: string | undefined
  entries: MenuEntry[]
  children: JSX.Element
}> = props => (
  <Root gutter={8} placement="bottom-end" modal={false}>
    <Root.Trigger class={props.class} aria-label={props.label}>
      {props.children}
    </Root.Trigger>
    <Root.Portal>
      <Root.Content class={css.menu}>
        <For each={props.entries}>
          {entry => (
            <Root.Item class={css.entry} onSelect={() => entry.run()}>
              {entry.icon}
              {entry.label}
            </Root.Item>
          )}
        </For>
      </Root.Content>
    </Root.Portal>
  </Root>
)
