import { type Component, createEffect, createMemo, createSignal, Match, on, Show, Switch } from 'solid-js'
import { fitInto, type Size, type Zoom } from '../../../shared/geometry/index.ts'
import type { AssetRecord } from '../../../shared/schema/api.ts'
import { originalUrl, previewUrl, thumbnailUrl } from '../../data/api.ts'
import type { Glimpse } from '../../data/sequence.ts'
import { t } from '../../i18n/index.ts'
import { Picture } from '../../ui/picture/picture.tsx'
import css from './viewer.module.css'

interface SlideProps {
  glimpse: Glimpse
  /** Facts, for the slide that is looked at. */
  record: AssetRecord | null
  frame: Size
  zoom: Zoom
  /** Slides away from the one that is looked at: -1, 0, 1. */
  offset: number
  drag: { x: number; y: number }
  animated: boolean
}

/** Space between two slides, pixels. */
const BETWEEN = 32
/** From this zoom on the preview is too coarse. */
const WANTS_ORIGINAL = 1.3
/** What browsers show as a picture. */
const SHOWABLE = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif'])

/** One asset, fitted into the frame. */
export const Slide: Component<SlideProps> = props => {
  const [previewFailed, setPreviewFailed] = createSignal(false)
  const [previewLoaded, setPreviewLoaded] = createSignal(false)
  const [originalLoaded, setOriginalLoaded] = createSignal(false)
  const [videoFailed, setVideoFailed] = createSignal(false)
  const id = (): string => props.glimpse.id
  const ready = (): boolean => props.glimpse.ready || props.record?.state === 'ready'
  // What could not be had before it was rendered can be had now.
  createEffect(on([ready, () => props.record?.state], () => setPreviewFailed(false), { defer: true }))
  const size = createMemo(() => fitInto(props.glimpse.ratio, props.frame))
  const showable = (): boolean => SHOWABLE.has(props.record?.mime ?? '')
  const wantsOriginal = createMemo<boolean>(
    was => was || (props.offset === 0 && showable() && (props.zoom.scale > WANTS_ORIGINAL || previewFailed())),
    false,
  )
  const problem = (): string | null => {
    if (props.record?.state === 'damaged') {
      return t('viewer.damaged', { reason: props.record.problem?.message ?? '' })
    }
    if (!previewFailed() || originalLoaded()) return null
    return props.record?.state === 'pending' ? t('viewer.pending') : t('viewer.picture.failed')
  }
  const place = (): string =>
    `translate3d(calc(${props.offset * 100}% + ${props.offset * BETWEEN + props.drag.x}px), ${props.drag.y}px, 0)`
  const zoomed = (): string =>
    props.offset === 0 ? `translate3d(${props.zoom.x}px, ${props.zoom.y}px, 0) scale(${props.zoom.scale})` : 'none'

  return (
    <div
      class={css.slide}
      classList={{ [css.animated!]: props.animated }}
      style={{ transform: place() }}
      aria-hidden={props.offset === 0 ? undefined : true}
    >
      <div
        class={css.picture}
        style={{ width: `${size().width}px`, height: `${size().height}px`, transform: zoomed() }}
        data-scale={props.zoom.scale.toFixed(2)}
      >
        <Switch
          fallback={
            <>
              <Picture src={thumbnailUrl(id(), ready())} thumbhash={props.glimpse.thumbhash} retry={props.record} />
              <Show when={!previewFailed()}>
                <img
                  class={css.layer}
                  classList={{ [css.there!]: previewLoaded() }}
                  src={previewUrl(id())}
                  alt={props.offset === 0 ? (props.record?.description ?? props.record?.fileName ?? '') : ''}
                  decoding="async"
                  draggable={false}
                  onLoad={() => setPreviewLoaded(true)}
                  onError={() => setPreviewFailed(true)}
                />
              </Show>
              <Show when={wantsOriginal()}>
                <img
                  class={css.layer}
                  classList={{ [css.there!]: originalLoaded() }}
                  src={originalUrl(id())}
                  alt=""
                  decoding="async"
                  draggable={false}
                  data-layer="original"
                  onLoad={() => setOriginalLoaded(true)}
                />
              </Show>
            </>
          }
        >
          <Match when={props.glimpse.type === 'video' && props.offset === 0 && !videoFailed()}>
            {/* The videos of a camera roll come without captions. */}
            <video
              class={css.video}
              src={originalUrl(id())}
              poster={previewUrl(id())}
              controls
              playsinline
              preload="metadata"
              onError={() => setVideoFailed(true)}
            />
          </Match>
        </Switch>
      </div>
      <Show when={props.offset === 0 && (videoFailed() ? t('viewer.video.failed') : problem())}>
        {text => (
          <p class={css.problem} role="status">
            {text()}
          </p>
        )}
      </Show>
    </div>
  )
}
