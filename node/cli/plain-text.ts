import type { AssetRecord, Status } from '../../shared/schema/index.ts'

export function assetLine({ id, takenAt, type, width, height, fileName }: AssetRecord): string {
  const size = width === null ? '' : `${width}x${height}`
  // A file name is somebody else's text: nothing in it may steer the terminal.
  return [id, takenAt, type, size, fileName.replace(/\p{Cc}/gu, '?')].join('\t')
}

export function statusText(status: Status): string {
  const { device, space, assets, held, damaged, bytes, jobs, disk, warnings } = status
  const lines = [
    `${space ? space.name : 'no household yet'} on ${device.name}`,
    `${assets.toLocaleString('en')} assets, ${held.toLocaleString('en')} originals held, ${(bytes / 1e9).toFixed(2)} GB`,
    `${(disk.free / 1e9).toFixed(1)} GB of ${(disk.total / 1e9).toFixed(1)} GB free`,
  ]
  if (damaged > 0) lines.push(`${damaged} damaged`)
  if (jobs.pending + jobs.running > 0) lines.push(`${jobs.pending + jobs.running} pictures to make`)
  for (const { message } of warnings) lines.push(`! ${message}`)
  return `${lines.join('\n')}\n`
}
