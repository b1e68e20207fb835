import { Dialog as Root } from '@kobalte/core/dialog'
import X from 'lucide-solid/icons/x'
import type { ParentComponent } from 'solid-js'
import { t } from '../../i18n/index.ts'
import { IconButton } from '../icon-button/icon-button.tsx'
import css from './dialog.module.css'

/** A modal card: focus stays in it, Escape closes it, focus goes back to where it was. */
export const Dialog: ParentComponent<{ open: boolean; onClose: () => void; title: string }> = props => {
  let card!: HTMLDivElement
  return (
    <Root open={props.open} onOpenChange={open => !open && props.onClose()}>
      <Root.Portal>
        <Root.Overlay class={css.overlay} />
        <div class={css.centre}>
          <Root.Content
            ref={card}
            class={css.card}
            onOpenAutoFocus={event => {
              event.preventDefault()
              card.focus()
            }}
          >
            <header class={css.header}>
              <Root.Title class={css.title}>{props.title}</Root.Title>
              <IconButton label={t('action.close')} onClick={() => props.onClose()}>
                <X size={20} />
              </IconButton>
            </header>
            {props.children}
          </Root.Content>
        </div>
      </Root.Portal>
    </Root>
  )
}
