/**
 * The longest element that is ever scrolled, in pixels. Browsers cap elements at 17.9 to 33 million, and place what
 * lies past a million with less than a tenth of a pixel of precision.
 */
export const WINDOW_LIMIT = 1_000_000

/**
 * A scrolled element that stands for a part of something longer: `position = origin + scrollTop`. Moving the origin
 * and the scroll offset together changes nothing on the screen.
 */
export interface ScrollWindow {
  /** Position shown when the element is scrolled to its top. */
  origin: number
  /** Height of the element's content. */
  extent: number
}

/** The furthest position: the end of the content at the bottom of the viewport. */
export function lastPosition(total: number, viewport: number): number {
  return Math.max(0, total - viewport)
}

/** The window to use for a position: everything when it is short enough, else a stretch with the position amid it. */
export function windowAround(position: number, total: number, limit: number = WINDOW_LIMIT): ScrollWindow {
  if (total <= limit) return { origin: 0, extent: total }
  const origin = Math.round(Math.min(Math.max(0, position - limit / 2), total - limit))
  return { origin, extent: limit }
}

/**
 * Whether scrolling can go on within a window: each end is the content's own end, or is further away than `margin`
 * from what is shown, be it short of the content or past it.
 */
export function windowHolds(
  window: ScrollWindow,
  position: number,
  total: number,
  viewport: number,
  margin: number,
): boolean {
  const end = window.origin + window.extent
  const above = window.origin === 0 ? position : position - Math.max(window.origin, 0) - margin
  const below = Math.min(end, total) - (position + viewport) - (end === total ? 0 : margin)
  return above >= 0 && below >= Math.min(0, total - viewport)
}
