/** How a picture lies in its frame: scaled about the frame's centre, then moved. Pixels of the frame. */
export interface Zoom {
  /** 1 = the whole picture fits. */
  scale: number
  x: number
  y: number
}

export interface Size {
  width: number
  height: number
}

export const NO_ZOOM: Zoom = { scale: 1, x: 0, y: 0 }

/** Size of a picture of this ratio, as large as fits into a frame. */
export function fitInto(ratio: number, frame: Size): Size {
  const width = Math.min(frame.width, frame.height * ratio)
  return { width, height: width / ratio }
}

/** The nearest zoom that leaves no needless empty edge: along an axis where the picture is smaller it is centred. */
export function clampZoom(zoom: Zoom, picture: Size, frame: Size, maxScale: number): Zoom {
  const scale = Math.min(Math.max(zoom.scale, 1), maxScale)
  const slackX = Math.max(0, (picture.width * scale - frame.width) / 2)
  const slackY = Math.max(0, (picture.height * scale - frame.height) / 2)
  return {
    scale,
    x: Math.min(slackX, Math.max(-slackX, zoom.x)),
    y: Math.min(slackY, Math.max(-slackY, zoom.y)),
  }
}

/** Zooms by a factor while the spot under `point` stays where it is. `point` counts from the frame's centre. */
export function zoomAt(
  zoom: Zoom,
  factor: number,
  point: { x: number; y: number },
  picture: Size,
  frame: Size,
  maxScale: number,
): Zoom {
  const scale = Math.min(Math.max(zoom.scale * factor, 1), maxScale)
  const grown = scale / zoom.scale
  const moved = { scale, x: point.x - (point.x - zoom.x) * grown, y: point.y - (point.y - zoom.y) * grown }
  return clampZoom(moved, picture, frame, maxScale)
}
