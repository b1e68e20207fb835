import type { AssetRecord, Status } from '../../shared/schema/index.ts'

/** Somebody else's text (a file's name, a path): nothing in it may steer the terminal. */
export function safeText(text: string): string {
  return text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '?')
}

export function assetLine({ id, takenAt, type, width, height, fileName }: AssetRecord): string {
  const size = width === null ? '' : `${width}x${height}`
  return [id, takenAt, type, size, safeText(fileName)].join('\t')
}

export function statusText(status: Status): string {
  const { device, space, assets, held, damaged, bytes, jobs, disk, warnings } = status
  const lines = [
    `${space ? safeText(space.name) : 'no household yet'} on ${safeText(device.name)}`,
    `${assets.toLocaleString('en')} assets, ${held.toLocaleString('en')} originals held, ${(bytes / 1e9).toFixed(2)} GB`,
    `${(disk.free / 1e9).toFixed(1)} GB of ${(disk.total / 1e9).toFixed(1)} GB free`,
  ]
  if (damaged > 0) lines.push(`${damaged} damaged`)
  if (jobs.pending + jobs.running > 0) lines.push(`${jobs.pending + jobs.running} pictures to make`)
  for (const { message } of warnings) lines.push(`! ${safeText(message)}`)
  return `${lines.join('\n')}\n`
}
