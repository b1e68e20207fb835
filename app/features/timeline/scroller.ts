import { type Accessor, batch, createSignal, onCleanup } from 'solid-js'
import {
  lastPosition,
  type ScrollWindow,
  windowAround,
  windowHolds,
  WINDOW_LIMIT,
} from '../../../shared/geometry/index.ts'

/** Scrolling has ended when nothing moved for this long. */
const IDLE_MS = 140
/** Screens passed within one event, from which on scrolling is a rush past and pictures are not asked for. */
const RUSH = 1.5

/**
 * A native scroller over content of any length. What is scrolled is a window onto it (see ScrollWindow), which is
 * moved when scrolling comes near its ends or comes to rest.
 */
export interface Scroller {
  /** Position of the viewport's top in the whole content. */
  position: Accessor<number>
  /** Position that lies at the top of the scrolled element: what is at `y` goes to `y - origin()`. */
  origin: Accessor<number>
  viewport: Accessor<number>
  /** Whether photos fly past too quickly to be seen. */
  rushing: Accessor<boolean>
  /** Whether it moves at all. */
  moving: Accessor<boolean>
  /** Shows another position. */
  moveTo(position: number): void
  /** The content has another height; what was at the old position now is at the new one, and must not move on the screen. */
  resize(total: number, position: number): void
  /** Connects the elements: the one with the scrollbar and the tall one in it. */
  connect(scroller: HTMLElement, spacer: HTMLElement): void
}

export function createScroller(): Scroller {
  const [scrollTop, setScrollTop] = createSignal(0)
  const [origin, setOrigin] = createSignal(0)
  const [viewport, setViewport] = createSignal(0)
  const [rushing, setRushing] = createSignal(false)
  const [moving, setMoving] = createSignal(false)
  let element: HTMLElement | undefined
  let spacer: HTMLElement | undefined
  let window: ScrollWindow = { origin: 0, extent: 0 }
  let total = 0
  let last = 0
  let idle: ReturnType<typeof setTimeout> | undefined

  const position = (): number => origin() + scrollTop()
  const margin = (): number => viewport() * 3

  /** Puts a window in place and shows a position in it. */
  function show(next: ScrollWindow, wanted: number): void {
    if (!element || !spacer) return
    if (next.extent !== window.extent) spacer.style.height = `${next.extent}px`
    window = next
    const top = Math.round(wanted - next.origin)
    if (Math.abs(element.scrollTop - top) >= 1) element.scrollTop = top
    batch(() => {
      setOrigin(next.origin)
      setScrollTop(element!.scrollTop)
    })
    last = position()
  }

  function clamp(wanted: number): number {
    return Math.min(Math.max(0, wanted), lastPosition(total, viewport()))
  }

  function settle(): void {
    idle = undefined
    batch(() => {
      setRushing(false)
      setMoving(false)
    })
    const at = clamp(position())
    const calm = windowAround(at, total)
    const whole = total <= WINDOW_LIMIT && (window.origin !== 0 || window.extent !== total)
    if (whole || !windowHolds(window, at, total, viewport(), WINDOW_LIMIT / 8)) show(calm, at)
  }

  function stir(): void {
    clearTimeout(idle)
    idle = setTimeout(settle, IDLE_MS)
  }

  function onScroll(): void {
    batch(() => {
      setScrollTop(element!.scrollTop)
      setMoving(true)
      setRushing(Math.abs(position() - last) > viewport() * RUSH)
    })
    last = position()
    if (!windowHolds(window, position(), total, viewport(), margin())) {
      const at = clamp(position())
      show(windowAround(at, total), at)
    }
    stir()
  }

  onCleanup(() => clearTimeout(idle))

  return {
    position,
    origin,
    viewport,
    rushing,
    moving,
    moveTo(wanted) {
      const at = clamp(wanted)
      if (Math.abs(at - position()) > viewport() * RUSH) setRushing(true)
      setMoving(true)
      const near = windowHolds(window, at, total, viewport(), margin())
      show(near ? window : windowAround(at, total), at)
      stir()
    },
    resize(height, wanted) {
      const shift = Math.round(wanted - position())
      total = height
      const at = clamp(wanted)
      // While a finger or a wheel is at work the window moves instead of the scroll offset, which would stop it.
      const start = window.origin + shift
      const shifted = { origin: start, extent: Math.min(WINDOW_LIMIT, total - start) }
      const canShift = idle !== undefined && at === wanted && windowHolds(shifted, at, total, viewport(), margin())
      show(canShift ? shifted : windowAround(at, total), at)
    },
    connect(scroller, tall) {
      element = scroller
      spacer = tall
      scroller.addEventListener('scroll', onScroll, { passive: true })
      const observer = new ResizeObserver(() => setViewport(scroller.clientHeight))
      observer.observe(scroller)
      setViewport(scroller.clientHeight)
      onCleanup(() => observer.disconnect())
    },
  }
}
