import { A } from '@solidjs/router'
import Check from 'lucide-solid/icons/check'
import Heart from 'lucide-solid/icons/heart'
import Play from 'lucide-solid/icons/play'
import CircleDot from 'lucide-solid/icons/circle-dot'
import { type Component, Show } from 'solid-js'
import { formatDuration, t } from '../../i18n/index.ts'
import { Picture } from '../picture/picture.tsx'
import css from './photo-tile.module.css'

interface PhotoTileProps {
  id: string
  href: string
  src: string | null
  /** See Picture. */
  retry?: unknown
  type: 'photo' | 'video' | 'live'
  /** When it was taken, in words. */
  when: string
  durationMs: number | null
  favourite: boolean
  thumbhash: string | null
  left: number
  top: number
  width: number
  height: number
  /** 0 for the one tile that the Tab key reaches. */
  tabIndex: number
  selected?: boolean
  /** Whether a click selects instead of opening. */
  selecting?: boolean
  onFocus?: () => void
  /** Leave out where nothing can be selected. */
  onSelect?: (event: MouseEvent) => void
}

const kinds = { photo: 'tile.photo', video: 'tile.video', live: 'tile.live' } as const

/** One asset in a grid, at its place. */
export const PhotoTile: Component<PhotoTileProps> = props => {
  const label = (): string => {
    const plain = t(kinds[props.type], { when: props.when })
    return props.favourite ? t('tile.favourite', { label: plain }) : plain
  }
  return (
    <div
      class={css.tile}
      classList={{ [css.selected!]: props.selected ?? false, [css.selecting!]: props.selecting ?? false }}
      style={{
        left: `${props.left}px`,
        top: `${props.top}px`,
        width: `${props.width}px`,
        height: `${props.height}px`,
      }}
      data-asset={props.id}
    >
      <A
        class={css.link}
        href={props.href}
        state={{ opened: true }}
        noScroll
        aria-label={label()}
        tabIndex={props.tabIndex}
        draggable={false}
        onFocus={() => props.onFocus?.()}
        onClick={event => {
          if (!props.onSelect || !(props.selecting || event.shiftKey)) return
          event.preventDefault()
          props.onSelect(event)
        }}
      >
        <span class={css.frame}>
          <Picture src={props.src} thumbhash={props.thumbhash} retry={props.retry} />
          <Show when={props.type === 'video'}>
            <span class={css.badge}>
              <Play size={12} fill="currentColor" strokeWidth={0} />
              {props.durationMs === null ? '' : formatDuration(props.durationMs)}
            </span>
          </Show>
          <Show when={props.type === 'live'}>
            <span class={css.badge}>
              <CircleDot size={14} />
            </span>
          </Show>
          <Show when={props.favourite}>
            <span class={css.heart}>
              <Heart size={16} fill="currentColor" strokeWidth={0} />
            </span>
          </Show>
        </span>
      </A>
      <Show when={props.onSelect}>
        {onSelect => (
          <button
            type="button"
            class={css.check}
            tabIndex={-1}
            aria-label={t('tile.select', { label: label() })}
            aria-pressed={props.selected ?? false}
            onClick={event => onSelect()(event)}
          >
            <span class={css.circle}>
              <Check size={14} strokeWidth={3} />
            </span>
          </button>
        )}
      </Show>
    </div>
  )
}
