import type { ImportFailure, ImportProgress } from '../../shared/schema/index.ts'
import type { Counts } from './ledger.ts'
import { createRate } from './rate.ts'

const SHOWN_FAILURES = 20

/** What an import has counted so far, for people to follow. */
export class FileCounts {
  readonly #files
  readonly #bytes
  readonly #rate
  #recent: ImportFailure[] = []

  constructor(before: Counts, now: () => number) {
    const { imported, duplicates, failed, rendered } = before
    this.#files = { found: 0, done: imported + duplicates + failed, imported, duplicates, failed, rendered }
    this.#bytes = { found: 0, done: before.bytes }
    this.#rate = createRate(now)
  }

  found(bytes: number): void {
    this.#files.found++
    this.#bytes.found += bytes
  }

  done(outcome: 'imported' | 'duplicate' | { failure: ImportFailure }, bytes: number): void {
    if (outcome === 'imported') this.#files.imported++
    else if (outcome === 'duplicate') this.#files.duplicates++
    else {
      this.#files.failed++
      this.#recent = [...this.#recent, outcome.failure].slice(-SHOWN_FAILURES)
    }
    this.#files.done++
    this.#bytes.done += bytes
    this.#rate.add(1, bytes)
  }

  /** An imported one has its pictures; with failures given, it turned out damaged and they are the newest now. */
  rendered(failures: ImportFailure[] | null): void {
    this.#files.rendered++
    if (!failures) return
    this.#files.imported--
    this.#files.failed++
    this.#recent = failures.slice(-SHOWN_FAILURES)
  }

  read(): Pick<ImportProgress, 'files' | 'bytes' | 'rate' | 'secondsLeft' | 'failures'> {
    const rate = this.#rate.read()
    // Files may appear after they were counted.
    const found = Math.max(this.#files.found, this.#files.done)
    const left = found - this.#files.done
    return {
      files: { ...this.#files, found },
      bytes: { found: Math.max(this.#bytes.found, this.#bytes.done), done: this.#bytes.done },
      rate,
      secondsLeft: rate.filesPerSecond > 0 ? Math.ceil(left / rate.filesPerSecond) : null,
      failures: this.#recent,
    }
  }
}
