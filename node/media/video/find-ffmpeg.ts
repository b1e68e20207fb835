import { createRequire } from 'node:module'
import { runProgram } from './run-program.ts'

const PROBE_MS = 15_000
const PROBE_BYTES = 1024 * 1024

/** Programs that may serve, the preferred first: named by a person, newest packaged, the system's, the oldest packaged. */
export function ffmpegCandidates(environment: NodeJS.ProcessEnv = process.env): string[] {
  const named = environment['FFMPEG_PATH']
  const packaged = [packagedPath('ffmpeg-static'), 'ffmpeg', packagedPath('@ffmpeg-installer/ffmpeg')]
  return [named, ...packaged].filter((path): path is string => typeof path === 'string' && path !== '')
}

/** The first program that can do all of the work; null where none can. */
export async function findFfmpeg(candidates: string[]): Promise<string | null> {
  for (const candidate of candidates) if (await serves(candidate)) return candidate
  return null
}

/**
 * Whether a program runs, names the decoders that phones and cameras need, and truly makes a frame in the way that
 * posters are made: a listed ability is not yet one that works.
 */
async function serves(program: string): Promise<boolean> {
  try {
    const listed = await probe(program, ['-hide_banner', '-decoders'])
    if (listed === null || !/^ V\S* h264\s/m.test(listed) || !/^ V\S* hevc\s/m.test(listed)) return false
    const source = ['-f', 'lavfi', '-i', 'color=c=red:s=16x16:d=1']
    const frame = await probe(program, [
      '-v',
      'error',
      '-nostdin',
      ...source,
      '-frames:v',
      '1',
      '-c:v',
      'ppm',
      '-f',
      'image2pipe',
      '-',
    ])
    return frame !== null && frame.startsWith('P6\n16 16\n255\n')
  } catch {
    return false
  }
}

async function probe(program: string, args: string[]): Promise<string | null> {
  const ended = await runProgram(program, args, { timeoutMs: PROBE_MS, outputBytes: PROBE_BYTES })
  return ended.end === 'done' && ended.code === 0 ? ended.output.toString('latin1') : null
}

/** The program that an optional package brings; null where the package is not installed, or not for this system. */
function packagedPath(name: string): string | null {
  try {
    const brought: unknown = createRequire(import.meta.url)(name)
    const path = typeof brought === 'string' ? brought : (brought as { path?: unknown } | null)?.path
    return typeof path === 'string' ? path : null
  } catch {
    return null
  }
}
