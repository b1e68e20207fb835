import { setTimeout as sleep } from 'node:timers/promises'
import { resolve } from 'node:path'
import type { ImportProgress, ImportResult } from '../../shared/schema/index.ts'
import type { ApiClient } from './api-client.ts'
import type { CliParts, ExitCode } from './node-handle.ts'

const POLL_MS = 250
/** How long a script waits for a full disk to have room again before it is told so. */
const PATIENCE_MS = 10_000

/** Takes files and folders in and tells how it went; the node goes on by itself when this is interrupted. */
export async function importCommand(
  client: ApiClient,
  paths: string[],
  options: { inPlace: boolean; json: boolean },
  parts: CliParts,
): Promise<ExitCode> {
  const started = await client.send<ImportProgress>('POST', '/imports', {
    paths: paths.map(path => resolve(path)),
    inPlace: options.inPlace,
  })
  const end = await follow(client, started.id, parts)
  const failed = [...end.failures]
  const stuck = end.state === 'waiting'
  if (stuck) failed.push({ path: paths[0] ?? '', code: 'disk-full', message: end.reason ?? 'the disk is full' })
  const { imported, duplicates } = end.files
  const result: ImportResult = { imported, duplicates, failed }
  if (options.json) parts.stdout.write(`${JSON.stringify(result)}\n`)
  else report(result, parts)
  if (stuck || end.state === 'stopped') return 1
  if (failed.length === 0) return 0
  return imported + duplicates > 0 ? 3 : 1
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
    await sleep(POLL_MS)
  }
}

/** `1,234 of 5,000 files, 3.1 of 12.4 GB, 84 MB/s, 2 min left`. */
export function progressLine({ files, bytes, rate, secondsLeft, state, reason }: ImportProgress): string {
  if (state === 'waiting') return reason ?? 'waiting'
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

function report({ imported, duplicates, failed }: ImportResult, { stdout, stderr }: CliParts): void {
  stdout.write(`${count(imported)} taken in, ${count(duplicates)} known already, ${count(failed.length)} failed\n`)
  for (const { message, code } of failed) stderr.write(`  ${code}: ${message}\n`)
}
