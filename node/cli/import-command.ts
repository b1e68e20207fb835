import { setTimeout as sleep } from 'node:timers/promises'
import { resolve } from 'node:path'
import { errorCode } from '../../shared/errors/index.ts'
import type { ImportFailure, ImportProgress, ImportResult } from '../../shared/schema/index.ts'
import type { ApiClient } from './api-client.ts'
import type { CliParts, ExitCode } from './node-handle.ts'
import { safeText } from './plain-text.ts'

const POLL_MS = 250
/** How long a script waits for a full disk to have room again before it is told so. */
const PATIENCE_MS = 10_000
/** Of one request: more paths, or longer ones, go in several. */
const PATHS = 1000
const PATHS_LENGTH = 200_000

/**
 * Takes files and folders in and tells how it went; the node goes on by itself when this is interrupted. What is returned
 * may be called again with another node of the same data folder, when the first one ended: it follows what it started.
 */
export function createImportCommand(
  paths: string[],
  options: { inPlace: boolean; json: boolean },
  parts: CliParts,
): (client: ApiClient) => Promise<ExitCode> {
  const left = inParts(paths.map(path => resolve(path)))
  const started: string[] = []
  const notThere: ImportFailure[] = []
  const many = left.length > 1

  return async client => {
    for (let some = left[0]; some; some = left[0]) {
      try {
        const { id } = await client.send<ImportProgress>('POST', '/imports', { paths: some, inPlace: options.inPlace })
        started.push(id)
      } catch (thrown) {
        if (!many || errorCode(thrown) !== 'no-such-path') throw thrown
        for (const path of some) notThere.push({ path, code: 'disappeared', message: `${path} is not there` })
      }
      left.shift()
    }
    const ends: ImportProgress[] = []
    for (const id of started) ends.push(await follow(client, id, parts))
    return tell(ends)
  }

  function tell(ends: ImportProgress[]): ExitCode {
    const stuck = ends.filter(end => end.state === 'waiting')
    const failed = [
      ...notThere,
      ...ends.flatMap(end => end.failures),
      ...stuck.map(end => ({
        path: end.paths[0] ?? '',
        code: 'disk-full',
        message: end.reason ?? 'the disk is full',
      })),
    ]
    const sum = (of: (end: ImportProgress) => number) => ends.reduce((total, end) => total + of(end), 0)
    const imported = sum(end => end.files.imported)
    const duplicates = sum(end => end.files.duplicates)
    const failures = Math.max(sum(end => end.files.failed) + notThere.length + stuck.length, failed.length)
    const result: ImportResult = { imported, duplicates, failed }
    if (options.json) parts.stdout.write(`${JSON.stringify(result)}\n`)
    else report(result, failures, parts)
    if (stuck.length > 0 || ends.some(end => end.state === 'stopped')) return 1
    if (failures === 0) return 0
    return imported + duplicates > 0 ? 3 : 1
  }
}

function inParts(paths: string[]): string[][] {
  const all: string[][] = []
  let length = Infinity
  for (const path of paths) {
    const last = all.at(-1)
    if (!last || last.length >= PATHS || length + path.length > PATHS_LENGTH) {
      all.push([path])
      length = path.length
    } else {
      last.push(path)
      length += path.length
    }
  }
  return all
}

async function follow(client: ApiClient, id: string, parts: CliParts): Promise<ImportProgress> {
  let waitingSince: number | null = null
  for (;;) {
    const progress = await client.get<ImportProgress>(`/imports/${id}`)
    if (parts.stderr.isTTY) parts.stderr.write(`\r\u001b[K${progressLine(progress)}`)
    const { state } = progress
    if (state === 'waiting') waitingSince ??= performance.now()
    else waitingSince = null
    const stuck = waitingSince !== null && performance.now() - waitingSince > PATIENCE_MS
    if (state === 'done' || state === 'stopped' || stuck) {
      if (parts.stderr.isTTY) parts.stderr.write('\n')
      return progress
    }
    // Where much failed the answer is long: then it is asked for less often.
    await sleep(POLL_MS + progress.failures.length)
  }
}

/** `1,234 of 5,000 files, 3.1 of 12.4 GB, 84 MB/s, 2 min left`. */
export function progressLine({ files, bytes, rate, secondsLeft, state, reason }: ImportProgress): string {
  if (state === 'waiting') return safeText(reason ?? 'waiting')
  const parts = [
    `${count(files.done)} of ${count(files.found)}${state === 'looking' ? '+' : ''} files`,
    `${gigabytes(bytes.done)} of ${gigabytes(bytes.found)} GB`,
    `${Math.round(rate.bytesPerSecond / 1e6)} MB/s`,
  ]
  if (files.rendered < files.imported) parts.push(`${count(files.imported - files.rendered)} pictures to make`)
  if (secondsLeft !== null)
    parts.push(secondsLeft < 90 ? `${secondsLeft} s left` : `${Math.ceil(secondsLeft / 60)} min left`)
  return parts.join(', ')
}

const count = (n: number) => n.toLocaleString('en')
const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(bytes < 1e10 ? 2 : 1)

function report({ imported, duplicates, failed }: ImportResult, failures: number, { stdout, stderr }: CliParts): void {
  stdout.write(`${count(imported)} taken in, ${count(duplicates)} known already, ${count(failures)} failed\n`)
  for (const { message, code } of failed) stderr.write(`  ${code}: ${safeText(message)}\n`)
  if (failures > failed.length) stderr.write(`  and ${count(failures - failed.length)} more\n`)
}
