import type { Reader } from '../formats/format.ts'
import { firstViewOfStill } from './first-view.ts'
import { reduce } from './reduce.ts'
import { makeRenditions } from './renditions.ts'

/** Reads every kind of still picture that sharp decodes; of an animation the first frame. */
export const stillReader: Reader = {
  firstView: firstViewOfStill,
  async render({ path }) {
    const reduced = await reduce(path)
    if (reduced.outcome === 'damaged') return reduced
    const { pixels, width, height } = reduced
    return makeRenditions(pixels, { width, height, durationMs: null })
  },
}
