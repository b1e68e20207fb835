import { Dialog } from '@kobalte/core/dialog'
import ImageOff from 'lucide-solid/icons/image-off'
import ChevronLeft from 'lucide-solid/icons/chevron-left'
import ChevronRight from 'lucide-solid/icons/chevron-right'
import { type Component, createEffect, createMemo, createSignal, For, on, onCleanup, onMount, Show } from 'solid-js'
import { fitInto, NO_ZOOM, type Size, type Zoom, zoomAt } from '../../../shared/geometry/index.ts'
import type { AssetRecord } from '../../../shared/schema/api.ts'
import { previewUrl } from '../../data/api.ts'
import { fetchAsset, useAsset } from '../../data/asset-records.ts'
import { switchFlags } from '../../data/change.ts'
import { type Glimpse, type Source, useSpot } from '../../data/sequence.ts'
import { formatWhen, t } from '../../i18n/index.ts'
import { Button } from '../../ui/button/button.tsx'
import { EmptyState } from '../../ui/empty-state/empty-state.tsx'
import { IconButton } from '../../ui/icon-button/icon-button.tsx'
import { MAX_SCALE, TAP_SCALE, watchGestures } from './gestures.ts'
import { Info } from './info.tsx'
import { Slide } from './slide.tsx'
import { ViewerBar } from './viewer-bar.tsx'
import css from './viewer.module.css'

interface ViewerProps {
  id: string
  source: Source
  onGo: (id: string) => void
  onClose: () => void
}

const [infoOpen, setInfoOpen] = createSignal(false)

/** One asset over everything else. */
export const Viewer: Component<ViewerProps> = props => {
  const spot = useSpot(() => props.id, () => props.source) // prettier-ignore
  const { record, failure } = useAsset(() => props.id)
  const [frame, setFrame] = createSignal<Size>({ width: innerWidth, height: innerHeight })
  const [zoom, setZoom] = createSignal<Zoom>(NO_ZOOM)
  const [drag, setDrag] = createSignal({ x: 0, y: 0 })
  const [animated, setAnimated] = createSignal(false)
  const [bare, setBare] = createSignal(false)
  let content!: HTMLDivElement
  let stage!: HTMLDivElement

  const current = createMemo<Glimpse | null>(() => {
    const facts = record()
    const known = spot()?.self
    if (known) return known
    if (!facts) return null
    const ratio = facts.width && facts.height ? facts.width / facts.height : 1.5
    return { id: facts.id, ratio, type: facts.type, thumbhash: null, ready: facts.state === 'ready' }
  })
  const glimpses = createMemo(() => {
    const found = [spot()?.previous, current(), spot()?.next].filter(one => one != null)
    return new Map(found.map(one => [one.id, one]))
  })
  const order = createMemo(() => [...glimpses().keys()])
  /** The last known facts: a caption that is being written when they go is still saved. */
  const facts = createMemo<AssetRecord | null>(last => record() ?? last, null)
  const picture = (): Size => fitInto(current()?.ratio ?? 1.5, frame())

  createEffect(
    on(
      () => props.id,
      () => {
        setZoom(NO_ZOOM)
        setDrag({ x: 0, y: 0 })
      },
    ),
  )
  // The neighbours' previews are on their way before anybody asks for them.
  createEffect(() => {
    for (const near of [spot()?.next, spot()?.previous]) if (near) new Image().src = previewUrl(near.id)
  })

  const go = (to: Glimpse | null | undefined, slide = false): void => {
    if (!to) return
    setAnimated(slide)
    props.onGo(to.id)
  }
  const zoomBy = (factor: number): void => {
    setZoom(zoomAt(zoom(), factor, { x: 0, y: 0 }, picture(), frame(), MAX_SCALE))
  }
  const toggleZoom = (): void => zoomBy(zoom().scale > 1.01 ? 0 : TAP_SCALE)
  // Run by key presses and buttons alone, where nothing is tracked.
  /* eslint-disable solid/reactivity */
  /** Acts at once, or as soon as the facts are there: a key that is pressed early counts too. */
  const whenKnown = (act: (known: AssetRecord) => void): void => {
    const known = record()
    if (known) return act(known)
    const { id } = props
    fetchAsset(id).then(
      found => props.id === id && act(found),
      () => {},
    )
  }
  const favourite = (): void => whenKnown(({ id, favourite: is }) => void switchFlags([id], { favourite: !is }))
  /** Changes that take the asset out of its view go on to the next. */
  const moveOut = (flag: 'trashed' | 'archived'): void =>
    whenKnown(known => {
      const next = spot()?.next ?? spot()?.previous
      if (next) go(next)
      else props.onClose()
      void switchFlags([known.id], { [flag]: !known[flag] })
    })
  const trash = (): void => moveOut('trashed')
  /* eslint-enable solid/reactivity */

  const toggleVideo = (): void => {
    const video = stage.querySelector('video')
    if (video) void (video.paused ? video.play().catch(() => {}) : video.pause())
  }
  const keys: Record<string, () => void> = {
    ArrowLeft: () => go(spot()?.previous),
    ArrowRight: () => go(spot()?.next),
    f: favourite,
    Delete: trash,
    Backspace: trash,
    i: () => setInfoOpen(open => !open),
    z: toggleZoom,
    '+': () => zoomBy(1.5),
    '=': () => zoomBy(1.5),
    '-': () => zoomBy(1 / 1.5),
    '0': () => zoomBy(0),
    ' ': toggleVideo,
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest('input, textarea')) return
    if (event.key === ' ' && target.closest('button, a, video')) return
    const run = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key]
    if (!run) return
    event.preventDefault()
    run()
  }

  onMount(() => {
    const measure = (): void => void setFrame({ width: stage.clientWidth, height: stage.clientHeight })
    const observer = new ResizeObserver(() => {
      measure()
      setZoom(NO_ZOOM)
    })
    observer.observe(stage)
    measure()
    const stop = watchGestures(stage, {
      frame,
      picture,
      zoom,
      setZoom: next => {
        if (current()?.type !== 'video') setZoom(next)
      },
      setDrag: next => {
        setAnimated(false)
        setDrag(next)
      },
      endDrag: outcome => {
        if (outcome === 'close') return props.onClose()
        const to = outcome === 1 ? spot()?.next : outcome === -1 ? spot()?.previous : null
        setAnimated(true)
        if (to) go(to, true)
        else setDrag({ x: 0, y: 0 })
      },
      onTap: () => setBare(now => !now),
    })
    onCleanup(() => {
      stop()
      observer.disconnect()
    })
  })

  const label = (): string => {
    const facts = record()
    return facts ? formatWhen(facts.takenAt) : t('viewer.label')
  }
  const announcement = (): string => {
    const now = spot()
    return now ? t('viewer.position', { label: label(), position: now.position, total: now.total }) : label()
  }
  const fade = (): number => Math.max(0.25, 1 - drag().y / 400)

  return (
    <Dialog open modal onOpenChange={open => !open && props.onClose()}>
      <Dialog.Portal>
        <Dialog.Content
          ref={content}
          class={css.viewer}
          classList={{ [css.bare!]: bare(), [css.withInfo!]: infoOpen() && record() !== null }}
          style={{ '--fade': fade() }}
          aria-label={label()}
          onKeyDown={onKeyDown}
          onOpenAutoFocus={event => {
            event.preventDefault()
            content.focus()
          }}
          onCloseAutoFocus={event => event.preventDefault()}
          onInteractOutside={event => event.preventDefault()}
        >
          <ViewerBar
            record={record()}
            position={spot()}
            infoOpen={infoOpen()}
            zoomed={zoom().scale > 1.01}
            zoomable={current()?.type !== 'video'}
            onClose={() => props.onClose()}
            onZoom={toggleZoom}
            onInfo={() => setInfoOpen(open => !open)}
            onFavourite={favourite}
            onArchive={() => moveOut('archived')}
            onTrash={trash}
          />
          <div class={css.stage} ref={stage}>
            <For each={order()}>
              {id => {
                let last!: Glimpse
                const glimpse = (): Glimpse => (last = glimpses().get(id) ?? last)
                return (
                  <Slide
                    glimpse={glimpse()}
                    record={id === props.id ? record() : null}
                    frame={frame()}
                    zoom={id === props.id ? zoom() : NO_ZOOM}
                    offset={order().indexOf(id) - order().indexOf(props.id)}
                    drag={drag()}
                    animated={animated()}
                  />
                )
              }}
            </For>
            <Show when={failure() !== null && current() === null}>
              <EmptyState
                alert
                icon={<ImageOff size={36} strokeWidth={1.5} />}
                title={t('viewer.failed.title')}
                text={`${failure()} ${t('viewer.gone')}`}
              >
                <Button onClick={() => props.onClose()}>{t('action.back')}</Button>
              </EmptyState>
            </Show>
            <Show when={spot()?.previous}>
              <IconButton
                dark
                class={`${css.arrow} ${css.left}`}
                label={t('viewer.previous')}
                onClick={() => go(spot()?.previous)}
              >
                <ChevronLeft size={28} />
              </IconButton>
            </Show>
            <Show when={spot()?.next}>
              <IconButton
                dark
                class={`${css.arrow} ${css.right}`}
                label={t('viewer.next')}
                onClick={() => go(spot()?.next)}
              >
                <ChevronRight size={28} />
              </IconButton>
            </Show>
          </div>
          <Show when={infoOpen() && record() !== null}>
            <Info record={facts()!} onClose={() => setInfoOpen(false)} />
          </Show>
          <p class="visually-hidden" aria-live="polite">
            {announcement()}
          </p>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog>
  )
}
