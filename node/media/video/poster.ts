import type { Source } from '../formats/format.ts'
import { damaged, type Damaged } from '../still/damage.ts'
import type { Pixels } from '../still/pixels.ts'
import { PREVIEW_EDGE } from '../still/sizes.ts'
import { runProgram } from './run-program.ts'

type Poster =
  { outcome: 'poster'; pixels: Pixels; /** Of the whole frame as displayed. */ width: number; height: number } | Damaged

const ATTEMPT_MS = 25_000
/** A frame of the preview's size, three bytes a pixel, and the header before it. */
const MAX_FRAME_BYTES = PREVIEW_EDGE * PREVIEW_EDGE * 3 + 64
/** Means below this (of 255), with next to no drawing, are a fade-in and not a picture. */
const BLACK_MEAN = 20
const BLACK_SPREAD = 12

/** One frame that stands for a video: early, but not from a black beginning; upright and no larger than the preview. */
export async function takePoster(source: Source, ffmpeg: string, durationMs: number): Promise<Poster> {
  let best: Poster | null = null
  let failure: Damaged | null = null
  for (const seconds of moments(durationMs / 1000)) {
    const poster = await frameAt(source, ffmpeg, seconds)
    if (poster.outcome === 'damaged') {
      failure ??= poster
      if (poster.code.startsWith('decoder-')) break
    } else if (!isBlack(poster.pixels)) return poster
    else best ??= poster
  }
  return best ?? failure ?? damaged('no-frame', 'the video has no frame that can be decoded')
}

/** A tenth in, within the first three seconds; then further in, and the very beginning for a video cut short. */
function moments(seconds: number): number[] {
  return [...new Set([Math.min(3, seconds * 0.1), seconds * 0.35, seconds * 0.6, 0])]
}

async function frameAt(source: Source, ffmpeg: string, seconds: number): Promise<Poster> {
  // The kind is fixed and the file is the only thing that may be opened: a playlist in disguise reaches nothing.
  const input = [
    '-protocol_whitelist',
    'file,pipe',
    '-f',
    'mov',
    '-ss',
    seconds.toFixed(3),
    '-i',
    `file:${source.path}`,
  ]
  const fit = `scale=w='min(${PREVIEW_EDGE},iw)':h='min(${PREVIEW_EDGE},ih)':force_original_aspect_ratio=decrease`
  const filter = `scale=w=trunc(iw*min(max(sar\\,0.1)\\,10)/2)*2:h=ih,setsar=1,${fit}`
  const output = [
    '-frames:v',
    '1',
    '-an',
    '-sn',
    '-dn',
    '-vf',
    filter,
    '-pix_fmt',
    'rgb24',
    '-c:v',
    'ppm',
    '-f',
    'image2pipe',
    '-',
  ]
  const args = [
    '-hide_banner',
    '-nostdin',
    '-v',
    'info',
    '-nostats',
    '-threads',
    '1',
    '-max_alloc',
    String(512 * 1024 * 1024),
  ]
  const ended = await runProgram(ffmpeg, [...args, ...input, ...output], {
    timeoutMs: ATTEMPT_MS,
    outputBytes: MAX_FRAME_BYTES,
    memoryBytes: source.memoryLimit,
  })
  if (ended.end === 'stopped') {
    if (ended.why === 'time') return damaged('decoder-timeout', 'decoding one frame of the video took too long')
    if (ended.why === 'memory') return damaged('decoder-memory', 'decoding one frame of the video took too much memory')
    return damaged('no-frame', 'the video gave a frame of another size than asked for')
  }
  const pixels = readPpm(ended.output)
  if (!pixels) {
    const why = ended.words.split('\n').filter(line => /error|invalid|could not|not found|no frame/i.test(line))
    return damaged(
      'no-frame',
      `no frame of the video can be decoded (${why[0]?.replaceAll(source.path, 'the file') ?? 'it is empty'})`,
    )
  }
  return { outcome: 'poster', pixels, ...fullSize(ended.words, pixels) }
}

/** Portable pixmap: `P6`, width, height, 255, then the pixels. */
function readPpm(bytes: Buffer): Pixels | null {
  const header = /^P6\s(\d{1,5})\s(\d{1,5})\s255\s/.exec(bytes.subarray(0, 32).toString('latin1'))
  if (!header) return null
  const [width, height] = [Number(header[1]), Number(header[2])]
  const data = bytes.subarray(header[0].length, header[0].length + width * height * 3)
  return width > 0 && height > 0 && data.length === width * height * 3 ? { data, width, height, channels: 3 } : null
}

/** The size of the coded frame, turned as the poster came out; the poster's own where ffmpeg does not tell. */
function fullSize(words: string, poster: Pixels): { width: number; height: number } {
  const found = /Stream #.*Video:.*?[ ,](\d{2,5})x(\d{2,5})[ ,]/.exec(words)
  if (!found) return { width: poster.width, height: poster.height }
  const [long, short] = [Number(found[1]), Number(found[2])].sort((a, b) => b - a) as [number, number]
  return poster.width >= poster.height ? { width: long, height: short } : { width: short, height: long }
}

function isBlack({ data }: Pixels): boolean {
  let sum = 0
  let squares = 0
  let count = 0
  for (let at = 0; at + 2 < data.length; at += 3 * 17) {
    const value = Math.max(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0)
    sum += value
    squares += value * value
    count++
  }
  const mean = sum / count
  return mean < BLACK_MEAN && Math.sqrt(Math.max(0, squares / count - mean * mean)) < BLACK_SPREAD
}
