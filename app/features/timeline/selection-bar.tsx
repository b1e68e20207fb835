import Archive from 'lucide-solid/icons/archive'
import ArchiveRestore from 'lucide-solid/icons/archive-restore'
import Heart from 'lucide-solid/icons/heart'
import HeartOff from 'lucide-solid/icons/heart-off'
import RotateCcw from 'lucide-solid/icons/rotate-ccw'
import Trash2 from 'lucide-solid/icons/trash'
import X from 'lucide-solid/icons/x'
import { type Component, Show } from 'solid-js'
import type { View } from '../../../shared/schema/api.ts'
import type { Flags } from '../../data/pending.ts'
import { t } from '../../i18n/index.ts'
import { IconButton } from '../../ui/icon-button/icon-button.tsx'
import css from './selection-bar.module.css'

interface SelectionBarProps {
  view: View
  count: number
  onClear: () => void
  onChange: (flags: Flags) => void
}

/** What can be done with the selected photos; covers the top bar while there are any. */
export const SelectionBar: Component<SelectionBarProps> = props => (
  <div class={css.bar} role="toolbar" aria-label={t('selection.label')}>
    <IconButton label={t('selection.clear')} onClick={() => props.onClear()}>
      <X size={20} />
    </IconButton>
    <p class={css.count} aria-live="polite">
      {t('selection.count', { count: props.count })}
    </p>
    <Show
      when={props.view !== 'trash'}
      fallback={
        <IconButton label={t('action.restore')} onClick={() => props.onChange({ trashed: false })}>
          <RotateCcw size={20} />
        </IconButton>
      }
    >
      <Show
        when={props.view === 'favourites'}
        fallback={
          <IconButton label={t('action.favourite')} onClick={() => props.onChange({ favourite: true })}>
            <Heart size={20} />
          </IconButton>
        }
      >
        <IconButton label={t('action.unfavourite')} onClick={() => props.onChange({ favourite: false })}>
          <HeartOff size={20} />
        </IconButton>
      </Show>
      <Show
        when={props.view === 'archive'}
        fallback={
          <IconButton label={t('action.archive')} onClick={() => props.onChange({ archived: true })}>
            <Archive size={20} />
          </IconButton>
        }
      >
        <IconButton label={t('action.unarchive')} onClick={() => props.onChange({ archived: false })}>
          <ArchiveRestore size={20} />
        </IconButton>
      </Show>
      <IconButton label={t('action.trash')} onClick={() => props.onChange({ trashed: true })}>
        <Trash2 size={20} />
      </IconButton>
    </Show>
  </div>
)
