import { statfs } from 'node:fs/promises'
import type { Status } from '../../shared/schema/index.ts'
import type { AssetIndex } from '../index/index.ts'
import type { Identity } from '../identity/index.ts'
import type { RenditionQueue } from '../jobs/index.ts'
import type { Media } from '../media/index.ts'

export interface StatusParts {
  version: string
  dataDir: string
  identity: Identity
  defaultName: string
  index: Pick<AssetIndex, 'totals' | 'names'>
  jobs: Pick<RenditionQueue, 'counts' | 'waitingFor'>
  media: Pick<Media, 'warnings'>
  /** The newest stamp this device gave out or saw, microseconds. */
  newestStamp(): Promise<number>
  now(): number
}

/** Copies of every original that a household wants. */
const COPY_TARGET = 2
const LOW_DISK = 1024 ** 3
const CLOCK_SLACK = 24 * 3600 * 1e6

export async function readStatus(parts: StatusParts): Promise<Status> {
  const { identity } = parts
  const [totals, names, disk, newest] = await Promise.all([
    parts.index.totals(),
    parts.index.names(),
    statfs(parts.dataDir),
    parts.newestStamp(),
  ])
  const household = names.household[identity.household.id]
  const held = totals.held[identity.deviceId]
  const free = disk.bavail * disk.bsize
  const warnings = parts.media.warnings()
  if (newest - parts.now() * 1000 > CLOCK_SLACK) {
    const message =
      "this device's clock is more than a day behind what it once was: set it right, or new photos sort wrongly"
    warnings.push({ code: 'clock-behind', message })
  }
  if (free < LOW_DISK) {
    warnings.push({ code: 'disk-nearly-full', message: `less than 1 GiB is free where ${parts.dataDir} lies` })
  }
  const waiting = parts.jobs.waitingFor()
  if (waiting !== null) warnings.push({ code: 'waiting', message: waiting })
  const { pending, running, failed } = parts.jobs.counts()
  return {
    version: parts.version,
    device: { id: identity.deviceId, name: names.device[identity.deviceId] ?? parts.defaultName },
    space: household === undefined ? null : { id: identity.household.id, name: household },
    members: Object.entries(names.member).map(([id, name]) => ({ id, name })),
    assets: totals.assets - totals.damaged,
    bytes: totals.bytes,
    held: held?.assets ?? 0,
    damaged: totals.damaged,
    jobs: { pending: Math.max(pending, totals.withoutRenditions - running - failed, 0), running, failed },
    peers: [],
    pendingSync: { frames: 0, renditions: 0, originals: 0, bytes: 0 },
    copies: { target: COPY_TARGET, below: totals.assets - totals.damaged },
    disk: { free, total: disk.blocks * disk.bsize },
    warnings,
  }
}
