import { access, constants } from 'node:fs/promises'
import { availableParallelism, setPriority } from 'node:os'
import { delimiter, join } from 'node:path'
import { type ExifTool } from 'exiftool-vendored'
import { type Facts } from '../../../shared/schema/index.ts'
import { errorMessage, HomerollError } from '../../../shared/errors/index.ts'
import { type Identified } from '../media.ts'
import { createSafePaths } from './safe-path.ts'
import { factsOfTags, type Tags, wantedTags } from './tags.ts'

/** The authority on facts: exiftool in processes that stay while there is work. */
export interface Exiftool {
  /** Rejects with `exiftool-failed` when exiftool cannot run, or gives up on the file. */
  facts(path: string, identified: Identified, fileTime: number): Promise<Facts>
  close(): Promise<void>
}

const TASK_MS = 20_000
const IDLE_MS = 30_000
/** Of this many files each, a process is replaced: perl keeps what it once held. */
const FILES_PER_PROCESS = 1000

/** `processes`: at most this many at a time. */
export function createExiftool(processes = availableParallelism()): Exiftool {
  const paths = createSafePaths()
  let running: Promise<ExifTool> | null = null
  let underway = 0
  let idle: NodeJS.Timeout | null = null

  const end = async () => {
    const ending = running
    running = null
    if (ending) await (await ending).end()
  }
  const rest = () => {
    idle = setTimeout(() => void end().catch(() => undefined), IDLE_MS)
    idle.unref()
  }

  return {
    async facts(path, { type }, fileTime) {
      if (idle) clearTimeout(idle)
      underway++
      try {
        const exiftool = await (running ??= start(processes))
        const tags = await paths.with(path, safe => exiftool.readRaw(safe, { readArgs: [...readArgs], useMWG: false }))
        return factsOfTags(tags as Tags, type, fileTime, zoneOf(exiftool))
      } catch (cause) {
        throw new HomerollError('exiftool-failed', `exiftool read nothing from ${path}: ${errorMessage(cause)}`, {
          cause,
        })
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

async function start(processes: number): Promise<ExifTool> {
  // Loaded with the first file, so that a node at rest does without.
  const { ExifTool: Library } = await import('exiftool-vendored')
  const exiftool = new Library({
    maxProcs: processes,
    maxTasksPerProcess: FILES_PER_PROCESS,
    taskTimeoutMillis: TASK_MS,
    taskRetries: 1,
    // A configuration in somebody's home folder is perl code; none is loaded.
    exiftoolArgs: ['-config', '', '-stay_open', 'True', '-@', '-'],
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

function zoneOf(exiftool: ExifTool): (latitude: number, longitude: number) => string | null {
  return (latitude, longitude) => {
    try {
      return exiftool.options.geoTz(latitude, longitude) ?? null
    } catch {
      return null
    }
  }
}

/** Whether the interpreter that exiftool needs is there; on Windows it brings its own. */
export async function perlIsThere(): Promise<boolean> {
  if (process.platform === 'win32') return true
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const found = await access(join(folder, 'perl'), constants.X_OK).then(
      () => true,
      () => false,
    )
    if (found) return true
  }
  return false
}
