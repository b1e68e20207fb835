import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { HomerollError } from '../../shared/errors/index.ts'

/**
 * Holds a data folder for this process alone, until released or until the process ends in any way: the lock is the
 * operating system's (through SQLite), so that none is left behind by a kill. Throws `data-folder-in-use`.
 */
export function lockDataFolder(dataDir: string): { release(): void } {
  const file = join(dataDir, 'lock')
  let db: DatabaseSync | null = null
  try {
    // A moment's patience: somebody may be looking whether it is held.
    db = new DatabaseSync(file, { timeout: LOOK_MS })
    db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    chmodSync(file, 0o600)
    const held = db
    return { release: () => held.close() }
  } catch (cause) {
    db?.close()
    if (!isBusy(cause)) throw cause
    const message = `${dataDir} is in use by another Homeroll on this machine: stop it first, or choose another --data`
    throw new HomerollError('data-folder-in-use', message, { cause })
  }
}

/** Whether a process holds the data folder now. */
export function isDataFolderLocked(dataDir: string): boolean {
  let db: DatabaseSync | null = null
  try {
    db = new DatabaseSync(join(dataDir, 'lock'), { readOnly: true, timeout: 0 })
    db.exec('SELECT 1 FROM sqlite_schema')
    return false
  } catch (cause) {
    return isBusy(cause)
  } finally {
    db?.close()
  }
}

const LOOK_MS = 200

function isBusy(cause: unknown): boolean {
  return /locked|busy/i.test(String(cause))
}
