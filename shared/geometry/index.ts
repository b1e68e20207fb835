export {
  clampRatio,
  estimateHeight,
  layoutRows,
  rowsBetween,
  type RowLayout,
  type RowOptions,
} from './justified-rows.ts'
export { lastPosition, windowAround, windowHolds, WINDOW_LIMIT, type ScrollWindow } from './scroll-window.ts'
export { indexAt, stackTops } from './stack.ts'
export { clampZoom, fitInto, NO_ZOOM, zoomAt, type Size, type Zoom } from './zoom.ts'
