import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { errorCode, HomerollError } from '../../shared/errors/index.ts'
import type { OriginalStore } from '../originals/index.ts'
import type { Intake, IntakeOutcome } from './intake.ts'

/** Takes in what comes as a stream, through a folder of our own beside the originals. */
export interface Uploads {
  /** Resolves once it is safe. A stream that fails leaves nothing behind. `fileName` may hold folders; they are dropped. */
  take(stream: Readable, fileName: string, fileTime: Date | null, signal: AbortSignal): Promise<IntakeOutcome>
  active(): number
}

const ENDING = '.upload'

/** `folder` is on the file system of the originals, so that taking in is a rename. Leftovers of a crash are cleared. */
export async function openUploads(folder: string, intake: Intake, store: OriginalStore): Promise<Uploads> {
  await mkdir(folder, { recursive: true })
  for (const name of await readdir(folder)) if (name.endsWith(ENDING)) await rm(join(folder, name), { force: true })
  let active = 0
  return {
    active: () => active,
    async take(stream, fileName, fileTime, signal) {
      const path = join(folder, `${randomUUID()}${ENDING}`)
      active++
      try {
        try {
          await pipeline(stream, createWriteStream(path, { flags: 'wx', mode: 0o600 }), { signal })
        } catch (thrown) {
          if (errorCode(thrown) !== 'enospc') throw thrown
          const message = `the disk that holds ${folder} is full: free some space and send it again`
          throw new HomerollError('disk-full', message, { status: 507, cause: thrown })
        }
        const name = basename(fileName.replaceAll('\\', '/')) || 'unnamed'
        const time = fileTime?.getTime() ?? Date.now()
        return await intake.take(
          { path, shownPath: name, fileName: name, fileTime: time, store, byReference: false, consume: true },
          signal,
        )
      } finally {
        active--
        await rm(path, { force: true })
      }
    },
  }
}
