import { thumbHashToAverageRGBA, thumbHashToRGBA } from 'thumbhash'

/** Decoded placeholders that are kept: about 3 kB each. */
const KEEP = 1500
/** Milliseconds of decoding between two frames. */
const BUDGET = 4

const decoded = new Map<string, ImageData>()
const waiting = new Map<HTMLCanvasElement, string>()
let scheduled = false

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), character => character.charCodeAt(0))
}

/** The one colour that stands for a picture at once; null where the hash is not one. */
export function averageColour(base64: string): string | null {
  try {
    const { r, g, b } = thumbHashToAverageRGBA(bytesOf(base64))
    const part = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * 255)
    return `rgb(${part(r)} ${part(g)} ${part(b)})`
  } catch {
    return null
  }
}

function decode(base64: string): ImageData | null {
  const known = decoded.get(base64)
  if (known) return known
  try {
    const { w, h, rgba } = thumbHashToRGBA(bytesOf(base64))
    const image = new ImageData(new Uint8ClampedArray(rgba), w, h)
    decoded.set(base64, image)
    if (decoded.size > KEEP) decoded.delete(decoded.keys().next().value!)
    return image
  } catch {
    return null
  }
}

function work(): void {
  scheduled = false
  const end = performance.now() + BUDGET
  for (const [canvas, hash] of waiting) {
    waiting.delete(canvas)
    const image = decode(hash)
    if (image) {
      canvas.width = image.width
      canvas.height = image.height
      canvas.getContext('2d')?.putImageData(image, 0, 0)
    }
    if (performance.now() > end) break
  }
  if (waiting.size > 0) schedule()
}

function schedule(): void {
  if (scheduled) return
  scheduled = true
  // After the frame, so that scrolling never waits for it.
  requestAnimationFrame(() => setTimeout(work))
}

/** Paints a thumbhash into a canvas as soon as there is time; the returned function gives up on it. */
export function paintPlaceholder(canvas: HTMLCanvasElement, base64: string): () => void {
  waiting.set(canvas, base64)
  schedule()
  return () => waiting.delete(canvas)
}
