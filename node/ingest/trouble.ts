import { errorCode } from '../../shared/errors/index.ts'

const DEVICE = new Set(['disk-full', 'enospc', 'edquot', 'index-behind'])
/** A store that cannot write because its disk is gone or went read-only: causes as the system names them. */
const DISK_GONE = new Set(['enoent', 'erofs', 'enodev', 'enxio', 'enotconn', 'estale', 'ehostdown'])

/** Whether a fault is this device's (no room, the disk of the originals away) and not the file's at hand: worth waiting. */
export function deviceTrouble(thrown: unknown): boolean {
  const code = errorCode(thrown)
  if (DEVICE.has(code)) return true
  return code === 'store-failed' && DISK_GONE.has(errorCode((thrown as { cause?: unknown }).cause))
}
