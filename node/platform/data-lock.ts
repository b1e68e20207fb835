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
  let db: DatabaseSync
  try {
    db = new DatabaseSync(file, { timeout: 0 })
    db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    chmodSync(file, 0o600)
  } catch (cause) {
    if (!/locked|busy/i.test(String(cause))) throw cause
    const message = `${dataDir} is in use by another Homeroll on this machine: stop it first, or choose another --data`
    throw new HomerollError('data-folder-in-use', message, { cause })
  }
  return { release: () => db.close() }
}
