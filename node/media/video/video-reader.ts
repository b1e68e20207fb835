import { HomerollError } from '../../../shared/errors/index.ts'
import { cleanFacts, type Said } from '../facts/clean.ts'
import type { Reader } from '../formats/format.ts'
import { damaged } from '../still/damage.ts'
import { makeRenditions } from '../still/renditions.ts'
import { readMovie } from './boxes.ts'
import { takePoster } from './poster.ts'

/** The EXIF orientation that a clockwise turn amounts to. */
const orientationOf: Partial<Record<number, number>> = { 90: 6, 180: 3, 270: 8 }

/** Reads videos: their index for the facts, one frame for the pictures. */
export const videoReader: Reader = {
  async firstView({ path, fileTime }) {
    const movie = await readMovie(path)
    const said: Said = movie ? { ...movie, orientation: orientationOf[movie.rotation] ?? 1 } : {}
    if (movie?.createdUtc) Object.assign(said, { takenAt: movie.createdUtc, timeZone: 'UTC' })
    return { facts: cleanFacts(said, fileTime), standIn: null }
  },

  async render(source) {
    const movie = await readMovie(source.path)
    if (!movie) return damaged('no-index', 'the video has no index: its end is missing, or it was never finished')
    if (movie.width === null) return damaged('no-picture', 'there is sound in this video file, but no picture')
    if (source.ffmpeg === null) {
      // The machine's fault, not the file's: nothing may be written down that a later ffmpeg would have to undo.
      throw new HomerollError('ffmpeg-missing', 'no ffmpeg here can show this video; install ffmpeg or set FFMPEG_PATH')
    }
    const poster = await takePoster(source, source.ffmpeg, movie.durationMs ?? 0)
    if (poster.outcome === 'damaged') return poster
    const durationMs = movie.durationMs === null ? null : Math.round(movie.durationMs)
    return makeRenditions(poster.pixels, { width: poster.width, height: poster.height, durationMs })
  },
}
