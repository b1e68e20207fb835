import { errorCode, errorMessage, HomerollError } from '../../shared/errors/index.ts'

/** Why a source could not be read, in words for the list of an import. Aborts and our own faults pass unchanged. */
export function sourceFault(path: string, cause: unknown): Error {
  if (isOurs(cause)) return cause
  switch (errorCode(cause)) {
    case 'enoent':
    case 'enotdir':
      return new HomerollError('source-missing', `${path} is not there any more`, { status: 404, cause })
    case 'eacces':
    case 'eperm':
      return new HomerollError('source-denied', `${path} may not be read; check its permissions`, {
        status: 403,
        cause,
      })
    default:
      return new HomerollError('read-failed', `${path} could not be read: ${errorMessage(cause)}`, { cause })
  }
}

/** Why the store could not keep something under `path`. Aborts and our own faults pass unchanged. */
export function storeFault(path: string, cause: unknown): Error {
  if (isOurs(cause)) return cause
  if (isDiskFull(cause)) {
    return new HomerollError(
      'disk-full',
      `the disk that holds ${path} is full; free some space, then try again (nothing that was stored is lost)`,
      { status: 507, cause },
    )
  }
  if (errorCode(cause) === 'enoent') {
    return new HomerollError(
      'store-failed',
      `the folder of ${path} is not there; if it lies on a disk of its own, connect that disk and try again`,
      { cause },
    )
  }
  return new HomerollError('store-failed', `${path} could not be written: ${errorMessage(cause)}`, { cause })
}

function isOurs(cause: unknown): cause is Error {
  return cause instanceof HomerollError || (cause instanceof Error && cause.name === 'AbortError')
}

/** SQLITE_FULL; its errors carry no code of the operating system. */
const SQLITE_FULL = 13

function isDiskFull(cause: unknown): boolean {
  if ((cause as { errcode?: unknown } | null)?.errcode === SQLITE_FULL) return true
  return ['enospc', 'edquot'].includes(errorCode(cause))
}
