import { open, readdir, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '../../shared/errors/index.ts'
import { flushFolder } from '../platform/index.ts'

/**
 * Makes what was written to a RocksDB survive a power cut, at the price of one `fdatasync`.
 *
 * RocksDB as the cores use it hands every batch to the operating system by a `write` into its write-ahead log
 * (`000123.log`) and never flushes that file: an append that has resolved survives a kill but not a power cut. Its own
 * flush call would write the whole memory table out as a new table. Flushing the write-ahead log from beside is enough:
 * at opening RocksDB replays it, up to the first record that is not whole. An older log counts as long as it is there,
 * so it is flushed too, once. A log that is gone has become tables, which RocksDB flushes itself.
 */
export class WriteAheadFlush {
  readonly #folder: string
  readonly #open = new Map<string, FileHandle>()
  /** Logs flushed after a newer one took over: nothing is written to them any more. */
  readonly #finished = new Set<string>()
  #running: Promise<void> = Promise.resolve()
  #next: Promise<void> | null = null

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Resolves when everything written before the call is on the disk. Calls that come during a flush share the next. */
  flush(): Promise<void> {
    if (this.#next) return this.#next
    const round = this.#running.then(() => {
      this.#next = null
      return this.#flushLogs()
    })
    this.#next = round
    this.#running = round.catch(() => undefined)
    return round
  }

  async close(): Promise<void> {
    await this.#running
    for (const name of [...this.#open.keys()]) await this.#drop(name)
  }

  async #flushLogs(): Promise<void> {
    const names = (await readdir(this.#folder)).filter(name => /^\d+\.log$/.test(name))
    names.sort((a, b) => Number.parseInt(a) - Number.parseInt(b))
    for (const name of this.#open.keys()) if (!names.includes(name)) await this.#drop(name)
    let fresh = false
    for (const name of names) {
      if (this.#finished.has(name)) continue
      const known = this.#open.get(name)
      const file = known ?? (await this.#openLog(name))
      if (!file) continue
      fresh ||= !known
      await file.datasync()
      if (name === names.at(-1)) continue
      this.#finished.add(name)
      await this.#drop(name)
    }
    // The first flush of a log must also make its name last.
    if (fresh) await flushFolder(this.#folder)
  }

  async #openLog(name: string): Promise<FileHandle | null> {
    // Windows flushes only what is open for writing.
    const file = await open(join(this.#folder, name), process.platform === 'win32' ? 'r+' : 'r').catch(
      (thrown: unknown) => {
        if (errorCode(thrown) === 'enoent') return null
        throw thrown
      },
    )
    if (file) this.#open.set(name, file)
    return file
  }

  async #drop(name: string): Promise<void> {
    const file = this.#open.get(name)
    this.#open.delete(name)
    await file?.close()
  }
}
