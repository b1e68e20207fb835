import { access, constants } from 'node:fs/promises'
import { setPriority } from 'node:os'
import { delimiter, join } from 'node:path'
import type { ExifTool } from 'exiftool-vendored'
import type { Facts } from '../../../shared/schema/index.ts'
import { errorMessage, HomerollError } from '../../../shared/errors/index.ts'
import type { Identified } from '../media.ts'
import { createSafePaths } from './safe-path.ts'
import { factsOfTags, type Tags, wantedTags } from './tags.ts'

/** The authority on facts: exiftool in processes that stay while there is work. */
interface Exiftool {
  /**
   * Rejects with `exiftool-missing` where it cannot run, `exiftool-failed` when it gives up on the file or takes too
   * long, or with the signal's reason. Never takes longer than a bounded time.
   */
  facts(path: string, identified: Identified, fileTime: number, signal?: AbortSignal): Promise<Facts>
  /** Whether it can run here at all. */
  available(): Promise<boolean>
  close(): Promise<void>
}

interface ExiftoolOptions {
  /** At most this many at a time. */
  processes: number
  /** Where perl is looked for. */
  searchPath?: string
  /** Milliseconds for one file. */
  fileMs?: number
}

const FILE_MS = 20_000
const IDLE_MS = 30_000
/** After this many files in a row without an answer exiftool itself is taken to be broken, and left alone for a while. */
const MAX_SILENT_FILES = 2
const PAUSE_MS = 60_000
/** After this many files each, a process is replaced: perl keeps what it once held. */
const FILES_PER_PROCESS = 1000

export function createExiftool({ processes, searchPath, fileMs = FILE_MS }: ExiftoolOptions): Exiftool {
  const path = searchPath ?? process.env['PATH'] ?? ''
  const paths = createSafePaths()
  const perl = perlIsIn(path)
  let running: Promise<ExifTool> | null = null
  let underway = 0
  let silentFiles = 0
  let pausedUntil = 0
  let idle: NodeJS.Timeout | null = null
  let geoTz: ExifTool['options']['geoTz'] = () => undefined

  const end = async () => {
    const ending = running
    running = null
    if (ending) await (await ending).end(false)
  }
  const rest = () => {
    idle = setTimeout(() => void end().catch(() => undefined), IDLE_MS)
    idle.unref()
  }
  const read = async (file: string, signal: AbortSignal | undefined): Promise<Tags> => {
    const exiftool = await (running ??= start(processes, path, fileMs))
    // Names the zone of a position; comes with the library.
    geoTz = exiftool.options.geoTz
    const begun = performance.now()
    const silence = AbortSignal.timeout(fileMs * 2)
    const stop = signal ? AbortSignal.any([signal, silence]) : silence
    const tags = paths.with(file, safe => exiftool.readRaw(safe, { readArgs: [...readArgs], useMWG: false }))
    // Its own limits end a process that hangs; this one ends the waiting, whatever happens over there.
    const ended = Promise.withResolvers<never>()
    const onEnd = () => ended.reject(stop.reason as Error)
    stop.addEventListener('abort', onEnd, { once: true })
    try {
      const answer = (await Promise.race([tags, ended.promise])) as Tags
      silentFiles = 0
      return answer
    } catch (cause) {
      // A quick refusal is an answer, and about the file.
      const silent = !signal?.aborted && performance.now() - begun >= fileMs
      if (silent && ++silentFiles >= MAX_SILENT_FILES) {
        pausedUntil = Date.now() + PAUSE_MS
        silentFiles = 0
        void end().catch(() => undefined)
      }
      throw cause
    } finally {
      stop.removeEventListener('abort', onEnd)
      tags.catch(() => undefined)
    }
  }

  return {
    available: () => perl,
    async facts(file, { type }, fileTime, signal) {
      if (!(await perl)) throw new HomerollError('exiftool-missing', 'perl was not found, so exiftool cannot run')
      if (Date.now() < pausedUntil)
        throw new HomerollError('exiftool-failed', 'exiftool gave no answer; trying again soon')
      if (idle) clearTimeout(idle)
      underway++
      try {
        return factsOfTags(await read(file, signal), type, fileTime, zoneOf)
      } catch (cause) {
        if (signal?.aborted) throw cause
        const message = `exiftool read nothing from ${file}: ${errorMessage(cause)}`
        throw new HomerollError('exiftool-failed', message, { cause })
      } finally {
        if (--underway === 0) rest()
      }
    },
    async close() {
      if (idle) clearTimeout(idle)
      await end().catch(() => undefined)
      await paths.close()
    },
  }

  function zoneOf(latitude: number, longitude: number): string | null {
    try {
      return geoTz(latitude, longitude) ?? null
    } catch {
      return null
    }
  }
}

/**
 * `-fast` stops at the end of a JPEG's picture. The filter passes text on as it is: the library's own would run for each
 * value, and broken characters are taken out afterwards anyway.
 */
const readArgs: readonly string[] = [
  '-fast',
  '-G0',
  ...['-api', 'largefilesupport=1', '-api', 'filter=1;'],
  ...wantedTags.map(tag => `-${tag}`),
]

async function start(processes: number, searchPath: string, fileMs: number): Promise<ExifTool> {
  // Loaded with the first file, so that a node at rest does without.
  const { ExifTool: Library } = await import('exiftool-vendored')
  const exiftool = new Library({
    maxProcs: processes,
    maxTasksPerProcess: FILES_PER_PROCESS,
    taskTimeoutMillis: fileMs,
    taskRetries: 1,
    // A configuration in somebody's home folder is perl code; none is loaded.
    exiftoolArgs: ['-config', '', '-stay_open', 'True', '-@', '-'],
    exiftoolEnv: { PATH: searchPath },
  })
  exiftool.on('childStart', ({ pid }) => {
    try {
      setPriority(pid, 10)
    } catch {
      // It has ended already, or the system has no such thing.
    }
  })
  return exiftool
}

/** Whether the interpreter that exiftool needs is there; on Windows it brings its own. */
async function perlIsIn(searchPath: string): Promise<boolean> {
  if (process.platform === 'win32') return true
  for (const folder of searchPath.split(delimiter)) {
    const found = await access(join(folder, 'perl'), constants.X_OK).then(
      () => true,
      () => false,
    )
    if (found) return true
  }
  return false
}
