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
  /** Lets what is being taken in finish, and takes nothing new (`closing`). */
  close(): Promise<void>
}

const ENDING = '.upload'

/** `folder` is on the file system of the originals, so that taking in is a rename. Leftovers of a crash are cleared. */
export async function openUploads(folder: string, intake: Intake, store: OriginalStore): Promise<Uploads> {
  await mkdir(folder, { recursive: true })
  for (const name of await readdir(folder)) if (name.endsWith(ENDING)) await rm(join(folder, name), { force: true })
  const underWay = new Set<Promise<unknown>>()
  let closed = false

  async function receive(stream: Readable, path: string, signal: AbortSignal): Promise<void> {
    try {
      await pipeline(stream, createWriteStream(path, { flags: 'wx', mode: 0o600 }), { signal })
    } catch (thrown) {
      const code = errorCode(thrown)
      if (code === 'enospc' || code === 'edquot') {
        const message = `the disk that holds ${folder} is full: free some space and send it again`
        throw new HomerollError('disk-full', message, { status: 507, cause: thrown })
      }
      if (code !== 'enoent' && code !== 'erofs') throw thrown
      const message = `${folder} cannot be written: connect the disk that holds the originals and send it again`
      throw new HomerollError('originals-away', message, { status: 503, cause: thrown })
    }
  }

  async function take(...[stream, fileName, fileTime, signal]: Parameters<Uploads['take']>): Promise<IntakeOutcome> {
    const path = join(folder, `${randomUUID()}${ENDING}`)
    try {
      await receive(stream, path, signal)
      const name = basename(fileName.replaceAll('\\', '/')) || 'unnamed'
      const time = fileTime?.getTime() ?? Date.now()
      return await intake.take(
        { path, shownPath: name, fileName: name, fileTime: time, store, byReference: false, consume: true },
        signal,
      )
    } finally {
      await rm(path, { force: true }).catch(() => undefined)
    }
  }

  return {
    active: () => underWay.size,
    async take(...request) {
      if (closed) throw new HomerollError('closing', 'the node is closing', { status: 503 })
      const work = take(...request)
      underWay.add(work)
      return work.finally(() => underWay.delete(work))
    },
    async close() {
      closed = true
      await Promise.allSettled(underWay)
    },
  }
}
