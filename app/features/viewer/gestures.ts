import { clampZoom, type Size, type Zoom, zoomAt } from '../../../shared/geometry/index.ts'

/** Largest zoom, times the fitted size. */
export const MAX_SCALE = 12
/** What a double tap zooms to. */
export const TAP_SCALE = 2.5
/** Movement that tells a drag from a tap, pixels. */
const SLOP = 8
const TAP_MS = 280
/** A flick: pixels a millisecond. */
const FLICK = 0.45

/** What the gestures act upon. */
export interface Stage {
  frame: () => Size
  picture: () => Size
  zoom: () => Zoom
  setZoom: (zoom: Zoom) => void
  /** A finger drags the whole picture: sideways to its neighbour, or down to close. */
  setDrag: (drag: { x: number; y: number }) => void
  /** The drag has ended: on to the neighbour (1 next, -1 previous), closed, or back to its place (0). */
  endDrag: (outcome: 1 | -1 | 0 | 'close') => void
  onTap: () => void
}

interface Point {
  x: number
  y: number
}

type Mode = 'undecided' | 'pan' | 'pinch' | 'swipe' | 'close' | 'idle'

/** Lets pointers and the wheel zoom, move and swipe a picture; the returned function ends it. */
export function watchGestures(element: HTMLElement, stage: Stage): () => void {
  const pointers = new Map<number, Point>()
  let mode: Mode = 'idle'
  let start: Point & { time: number } = { x: 0, y: 0, time: 0 }
  let last: Point = { x: 0, y: 0 }
  let spread = 0
  let tap: { time: number; timer: ReturnType<typeof setTimeout> } | null = null

  const fromCentre = (point: Point): Point => {
    const box = element.getBoundingClientRect()
    return { x: point.x - box.left - box.width / 2, y: point.y - box.top - box.height / 2 }
  }
  const scaleBy = (factor: number, point: Point): void =>
    stage.setZoom(zoomAt(stage.zoom(), factor, fromCentre(point), stage.picture(), stage.frame(), MAX_SCALE))
  const panBy = (dx: number, dy: number): void => {
    const { scale, x, y } = stage.zoom()
    stage.setZoom(clampZoom({ scale, x: x + dx, y: y + dy }, stage.picture(), stage.frame(), MAX_SCALE))
  }
  const pair = (): { middle: Point; distance: number } => {
    const [a, b] = [...pointers.values()] as [Point, Point]
    return { middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }, distance: Math.hypot(a.x - b.x, a.y - b.y) || 1 }
  }

  function down(event: PointerEvent): void {
    if (event.button !== 0 || (event.target as Element).closest('button, a, video, [data-own-pointer]')) return
    element.setPointerCapture(event.pointerId)
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY })
    if (pointers.size === 1) {
      mode = 'undecided'
      start = { x: event.clientX, y: event.clientY, time: event.timeStamp }
      last = start
    } else if (pointers.size === 2) {
      if (mode === 'swipe' || mode === 'close') stage.endDrag(0)
      mode = 'pinch'
      const { middle, distance } = pair()
      last = middle
      spread = distance
    }
  }

  function decide(event: PointerEvent, dx: number, dy: number): Mode {
    if (stage.zoom().scale > 1.01) return 'pan'
    if (event.pointerType === 'mouse') return 'idle'
    if (Math.abs(dx) > Math.abs(dy)) return 'swipe'
    return dy > 0 ? 'close' : 'idle'
  }

  function move(event: PointerEvent): void {
    if (!pointers.has(event.pointerId)) return
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY })
    if (mode === 'pinch' && pointers.size >= 2) {
      const { middle, distance } = pair()
      panBy(middle.x - last.x, middle.y - last.y)
      scaleBy(distance / spread, middle)
      last = middle
      spread = distance
      return
    }
    const dx = event.clientX - start.x
    const dy = event.clientY - start.y
    if (mode === 'undecided' && Math.hypot(dx, dy) > SLOP) mode = decide(event, dx, dy)
    if (mode === 'pan') panBy(event.clientX - last.x, event.clientY - last.y)
    if (mode === 'swipe') stage.setDrag({ x: dx, y: 0 })
    if (mode === 'close') stage.setDrag({ x: 0, y: Math.max(0, dy) })
    last = { x: event.clientX, y: event.clientY }
  }

  function up(event: PointerEvent): void {
    if (!pointers.delete(event.pointerId)) return
    if (mode === 'pinch') {
      const rest = [...pointers.values()][0]
      mode = rest ? 'pan' : 'idle'
      if (rest) last = rest
      return
    }
    const cancelled = event.type === 'pointercancel'
    const time = Math.max(1, event.timeStamp - start.time)
    const dx = event.clientX - start.x
    const dy = event.clientY - start.y
    const ended = mode
    mode = 'idle'
    if (ended === 'swipe') {
      const far = Math.abs(dx) > stage.frame().width * 0.25 || Math.abs(dx) / time > FLICK
      stage.endDrag(far && !cancelled ? (dx < 0 ? 1 : -1) : 0)
    }
    if (ended === 'close') stage.endDrag((dy > 120 || dy / time > FLICK) && !cancelled ? 'close' : 0)
    if (ended === 'undecided' && !cancelled) tapped(event)
  }

  function tapped(event: PointerEvent): void {
    if (tap && event.timeStamp - tap.time < TAP_MS) {
      clearTimeout(tap.timer)
      tap = null
      const zoomed = stage.zoom().scale > 1.01
      return scaleBy(zoomed ? 0 : TAP_SCALE / stage.zoom().scale, { x: event.clientX, y: event.clientY })
    }
    const touch = event.pointerType !== 'mouse'
    tap = { time: event.timeStamp, timer: setTimeout(() => touch && stage.onTap(), TAP_MS) }
  }

  function wheel(event: WheelEvent): void {
    if ((event.target as Element).closest('[data-own-pointer]')) return
    event.preventDefault()
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 16 : event.deltaY
    // A pinch on a touchpad arrives as a wheel with the control key, in small steps.
    scaleBy(Math.exp(-pixels * (event.ctrlKey ? 0.012 : 0.0022)), { x: event.clientX, y: event.clientY })
  }

  element.addEventListener('pointerdown', down)
  element.addEventListener('pointermove', move)
  element.addEventListener('pointerup', up)
  element.addEventListener('pointercancel', up)
  element.addEventListener('wheel', wheel, { passive: false })
  return () => {
    clearTimeout(tap?.timer)
    element.removeEventListener('pointerdown', down)
    element.removeEventListener('pointermove', move)
    element.removeEventListener('pointerup', up)
    element.removeEventListener('pointercancel', up)
    element.removeEventListener('wheel', wheel)
  }
}
