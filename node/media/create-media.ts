import { availableParallelism, totalmem } from 'node:os'
import { resolve } from 'node:path'
import { errorCode, errorMessage } from '../../shared/errors/index.ts'
import { cleanFacts } from './facts/clean.ts'
import { createExiftool } from './facts/exiftool.ts'
import type { Source } from './formats/format.ts'
import { formatOf } from './formats/registry.ts'
import { identify } from './identify.ts'
import { FACTS_VERSION, FIRST_VIEW_VERSION, type Identified, type Media } from './media.ts'
import { createPool } from './pool/pool.ts'
import { damaged } from './still/damage.ts'
import { ffmpegCandidates, findFfmpeg } from './video/find-ffmpeg.ts'

interface MediaOptions {
  /** Worker processes at most; one for each core where not given, fewer on little memory. */
  workers?: number
  /** Bytes that one worker may hold; a picture that needs more counts as damaged. */
  memoryBytes?: number
  /** Milliseconds after which a worker without work ends. */
  idleMs?: number
  /** Programs to try for video, in order, instead of the usual ones. */
  ffmpeg?: string[]
  /** Where perl is looked for, and how long exiftool may take for one file, instead of the usual. */
  exiftool?: { searchPath?: string; fileMs?: number }
}

const MIB = 1024 * 1024
const FIRST_VIEW_MS = 15_000
const RENDER_MS = 60_000

/** Opens the room. Nothing is started but a look for ffmpeg; workers come with the first file. */
export async function createMedia(options: MediaOptions = {}): Promise<Media> {
  // Half of the machine's memory is for pictures, and a worker needs 400 MiB to be of use.
  const share = totalmem() / 2
  const workers = options.workers ?? Math.max(1, Math.min(availableParallelism(), Math.floor(share / (400 * MIB))))
  const memoryBytes = options.memoryBytes ?? Math.min(1024 * MIB, Math.max(400 * MIB, Math.floor(share / workers)))
  const pool = createPool({ workers, memoryBytes, idleMs: options.idleMs ?? 20_000 })
  const exiftool = createExiftool({ ...options.exiftool, processes: Math.min(2, availableParallelism()) })
  const warnings = new Map<string, string>()

  const ffmpeg = findFfmpeg(options.ffmpeg ?? ffmpegCandidates())
  void ffmpeg.then(found => {
    if (found === null)
      warnings.set('ffmpeg-missing', 'no ffmpeg was found that decodes H.264 and HEVC: videos get no pictures')
  })
  void exiftool.available().then(there => {
    if (!there)
      warnings.set('exiftool-missing', 'perl was not found, so exiftool cannot run: facts are those of the first view')
  })

  const sourceOf = async (path: string, { mime, type }: Identified, fileTime: number): Promise<Source> => ({
    path: resolve(path),
    mime,
    fileTime,
    ffmpeg: type === 'video' ? await ffmpeg : null,
    memoryLimit: memoryBytes,
  })

  const media: Media = {
    identify,

    async firstView(path, identified, fileTime, signal) {
      const source = await sourceOf(path, identified, fileTime)
      const job = { kind: 'firstView', format: identified.format, source } as const
      const outcome = await pool.run(job, { timeoutMs: FIRST_VIEW_MS, urgent: true, signal })
      if (outcome.outcome === 'answered') return outcome.value
      // The original is taken in all the same; rendering will say what is wrong with it.
      return { facts: cleanFacts({}, fileTime), standIn: null }
    },

    async facts(path, identified, fileTime, signal) {
      signal?.throwIfAborted()
      try {
        const facts = await exiftool.facts(path, identified, fileTime, signal)
        signal?.throwIfAborted()
        warnings.delete('exiftool-failed')
        return { facts, version: FACTS_VERSION }
      } catch (thrown) {
        signal?.throwIfAborted()
        const code = errorCode(thrown)
        if (code !== 'exiftool-missing') warnings.set('exiftool-failed', errorMessage(thrown).slice(0, 500))
        const { facts } = await media.firstView(path, identified, fileTime, signal)
        return { facts, version: FIRST_VIEW_VERSION }
      }
    },

    async render(path, identified, signal) {
      const source = await sourceOf(path, identified, 0)
      const timeoutMs = formatOf(identified.format)?.timeoutMs ?? RENDER_MS
      const outcome = await pool.run({ kind: 'render', format: identified.format, source }, { timeoutMs, signal })
      if (outcome.outcome === 'answered') return outcome.value
      return damaged(outcome.death, `${deathWords[outcome.death]} (${outcome.detail})`)
    },

    warnings: () => [...warnings].map(([code, message]) => ({ code, message })),

    async close() {
      await Promise.all([pool.close(), exiftool.close()])
    },
  }
  return media
}

const deathWords = {
  'decoder-crashed': 'the decoder crashed on this file, twice',
  'decoder-memory': 'decoding this file takes more memory than it may, twice',
  'decoder-timeout': 'decoding this file takes longer than it may, twice',
} as const
