import { type Component, createEffect, createSignal, on, onCleanup, Show } from 'solid-js'
import { averageColour, paintPlaceholder } from './placeholder.ts'
import css from './picture.module.css'

interface PictureProps {
  /** Null: not yet, only the placeholder. */
  src: string | null
  thumbhash: string | null
  alt?: string
  /** Show all of it instead of filling the box. */
  contain?: boolean
  /** When this changes, a picture that could not be had is asked for once more. */
  retry?: unknown
}

/** Addresses that were shown before: they come from the cache, and fading them in again would flicker. */
const seen = new Set<string>()
const SEEN_LIMIT = 5000

/** A picture over its placeholder, faded in without moving anything. Fills its box. */
export const Picture: Component<PictureProps> = props => {
  const [loaded, setLoaded] = createSignal(false)
  const [failed, setFailed] = createSignal(false)
  let canvas!: HTMLCanvasElement
  let image: HTMLImageElement | undefined

  createEffect(
    on(
      () => props.thumbhash,
      hash => {
        if (hash === null || loaded()) return
        onCleanup(paintPlaceholder(canvas, hash))
      },
    ),
  )
  createEffect(on([() => props.src, () => props.retry], () => setFailed(false), { defer: true }))
  // A picture that is gone from the page must not hold up those that are on it.
  onCleanup(() => image?.removeAttribute('src'))

  const done = (): void => {
    if (props.src !== null) {
      if (seen.size > SEEN_LIMIT) seen.clear()
      seen.add(props.src)
    }
    setLoaded(true)
  }

  return (
    <div
      class={`${css.picture} ${props.contain ? css.contain : ''}`}
      style={{
        'background-color': props.thumbhash === null ? undefined : (averageColour(props.thumbhash) ?? undefined),
      }}
    >
      <canvas ref={canvas} class={css.canvas} aria-hidden="true" />
      <Show when={props.src !== null && !failed()}>
        <img
          ref={image}
          class={css.image}
          classList={{ [css.loaded!]: loaded(), [css.seen!]: seen.has(props.src!) }}
          src={props.src!}
          alt={props.alt ?? ''}
          decoding="async"
          draggable={false}
          onLoad={done}
          onError={() => setFailed(true)}
        />
      </Show>
    </div>
  )
}
