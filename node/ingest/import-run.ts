import { basename } from 'node:path'
import { stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AssetId } from '../../shared/ids/index.ts'
import { errorCode, errorMessage } from '../../shared/errors/index.ts'
import type { ImportFailure, ImportProgress } from '../../shared/schema/index.ts'
import type { OriginalStore } from '../originals/index.ts'
import type { Intake, IntakeOutcome, Known, KnownState } from './intake.ts'
import type { Ledger, LedgerImport } from './ledger.ts'
import { createRate } from './rate.ts'
import { readFailure, walk, type Found } from './walk.ts'

export interface RunParts {
  ledger: Ledger
  intake: Intake
  copies: OriginalStore
  references: OriginalStore
  /** What a file held when it was last read, if neither size nor time changed since and it is still held; else null. */
  recall(file: FoundFile, inPlace: boolean): Promise<IntakeOutcome | null>
  /** Notes what a copied file held, for `recall`. */
  remember(file: FoundFile, sha256: Uint8Array): void
  /** What became of assets meanwhile; those not known are left out. At most 1,000. */
  states(assets: AssetId[]): Promise<{ id: AssetId; state: KnownState; problem: Known['problem'] }[]>
  avoid: string[]
  now(): number
  onProgress(progress: ImportProgress): void
}

export type FoundFile = Found & { kind: 'file' }

/** Files taken in at once: enough to keep the disk busy while others hash. */
const WIDTH = 6
/** A file touched this recently may still be growing. */
const SETTLE_MS = 2000
const SHORTEST_WAIT_MS = 200
const GIVE_UP_GROWING_MS = 10 * 60_000
const RETRY_MS = 3000
const REPORT_MS = 300
const SHOWN_FAILURES = 20
const STATES = 1000
/** Troubles of this device, not of the file: the import waits until they are over. */
const WAIT_FOR = new Set(['disk-full', 'enospc', 'index-behind'])

/** One import while it runs: walks, takes in, counts. */
export class ImportRun {
  readonly entry: LedgerImport
  /** Resolves, never rejects, when all is done or it was stopped. */
  readonly finished: Promise<void>
  readonly #parts: RunParts
  readonly #stop = new AbortController()
  readonly #rate
  readonly #files = { found: 0, done: 0, imported: 0, duplicates: 0, failed: 0, rendered: 0 }
  readonly #bytes = { found: 0, done: 0 }
  readonly #unrendered: Set<AssetId>
  #recent: ImportFailure[] = []
  #state: ImportProgress['state'] = 'looking'
  #reason: string | null = null
  #finishedAt: string | null = null
  #reported = 0
  #reportTimer: NodeJS.Timeout | null = null
  #allRendered: (() => void) | null = null

  constructor(entry: LedgerImport, parts: RunParts) {
    this.entry = entry
    this.#parts = parts
    this.#rate = createRate(() => parts.now())
    parts.ledger.forgetFailures(entry.id)
    const before = parts.ledger.counts(entry.id)
    Object.assign(this.#files, before, { done: before.imported + before.duplicates + before.failed })
    this.#bytes.done = before.bytes
    this.#unrendered = new Set(parts.ledger.unrendered(entry.id))
    this.finished = this.#run()
  }

  /** Stops soon; what is being taken in right now is finished or left whole. */
  stop(): void {
    this.#stop.abort()
    this.#allRendered?.()
  }

  get active(): boolean {
    return this.#state !== 'done' && this.#state !== 'stopped'
  }

  /** An asset of this import got its pictures, or turned out damaged. */
  rendered(asset: AssetId, problem: { code: string; message: string } | null): void {
    if (!this.#unrendered.delete(asset)) return
    this.#files.rendered++
    if (problem) {
      this.#files.imported--
      this.#files.failed++
      this.#recent = this.#parts.ledger.failures(this.entry.id, SHOWN_FAILURES)
    }
    if (this.#unrendered.size === 0) this.#allRendered?.()
    this.#report()
  }

  progress(): ImportProgress {
    const { id, paths, inPlace, startedAt } = this.entry
    const rate = this.#rate.read()
    const leftFiles = this.#files.found - this.#files.done
    const known = this.#state === 'running' && rate.filesPerSecond > 0
    return {
      id,
      paths,
      inPlace,
      state: this.#state,
      reason: this.#reason,
      startedAt,
      finishedAt: this.#finishedAt,
      files: { ...this.#files },
      bytes: { ...this.#bytes },
      rate,
      secondsLeft: known ? Math.ceil(leftFiles / rate.filesPerSecond) : null,
      failures: this.#recent,
    }
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop
    await this.#noticeRendered().catch(() => undefined)
    const counting = this.#count(signal).catch(() => undefined)
    try {
      const found = walk(this.entry.paths, this.#parts.avoid, signal)
      const growing: FoundFile[] = []
      await Promise.all(Array.from({ length: WIDTH }, () => this.#takeAll(found, growing, signal)))
      await counting
      await Promise.all(
        Array.from({ length: WIDTH }, async () => {
          for (let file = growing.shift(); file; file = growing.shift()) await this.#takeWhenSettled(file, signal)
        }),
      )
      if (this.#unrendered.size > 0) await new Promise<void>(resolve => (this.#allRendered = resolve))
      signal.throwIfAborted()
      this.#end('done')
    } catch (thrown) {
      if (!signal.aborted) {
        this.#fail(this.entry.paths[0] ?? '', errorCode(thrown), errorMessage(thrown), 0)
        process.emitWarning(`import ${this.entry.id}: ${errorMessage(thrown)}`)
      }
      this.#end(signal.aborted ? 'stopped' : 'done')
    }
  }

  /** Pictures that were made just before the node was killed are not made again, so nobody would tell of them. */
  async #noticeRendered(): Promise<void> {
    const waiting = [...this.#unrendered]
    for (let i = 0; i < waiting.length; i += STATES) {
      for (const { id, state, problem } of await this.#parts.states(waiting.slice(i, i + STATES))) {
        if (state === 'pending') continue
        this.#parts.ledger.rendered(id, problem)
        this.rendered(id, problem)
      }
    }
  }

  #end(state: 'done' | 'stopped'): void {
    this.#state = state
    this.#reason = null
    this.#finishedAt = new Date(this.#parts.now()).toISOString()
    if (state === 'done') this.#parts.ledger.setState(this.entry.id, 'done', this.#finishedAt)
    this.#report(true)
  }

  /** Counts what there is, ahead of the work, so that the time left can be told. */
  async #count(signal: AbortSignal): Promise<void> {
    for await (const found of walk(this.entry.paths, this.#parts.avoid, signal)) {
      this.#files.found++
      if (found.kind === 'file') this.#bytes.found += found.bytes
      if (this.#files.found % 64 === 0) this.#report()
    }
    if (this.#state === 'looking') this.#state = 'running'
    this.#report()
  }

  async #takeAll(found: AsyncGenerator<Found>, growing: FoundFile[], signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted()
      const next = await found.next()
      if (next.done) return
      const entry = next.value
      if (entry.kind === 'failure') {
        const { path, code, message } = entry.failure
        this.#fail(path, code, message, 0)
      } else if (this.#parts.ledger.isDone(this.entry.id, entry.path)) {
        continue
      } else if (Math.abs(this.#parts.now() - entry.modifiedMs) < SETTLE_MS) {
        growing.push(entry)
      } else if (!(await this.#takeOne(entry, signal))) {
        growing.push(entry)
      }
    }
  }

  /** Waits until a file stops growing. A clock that is wrong must not make it wait for ever: only changes count. */
  async #takeWhenSettled(file: FoundFile, signal: AbortSignal): Promise<void> {
    const since = performance.now()
    let last = file
    for (;;) {
      const rest = last.modifiedMs + SETTLE_MS - this.#parts.now()
      await sleep(Math.min(Math.max(rest, SHORTEST_WAIT_MS), SETTLE_MS), undefined, { signal })
      let now
      try {
        now = await stat(file.path)
      } catch (thrown) {
        const { code, message } = readFailure(file.path, thrown)
        return this.#fail(file.path, code, message, file.bytes)
      }
      const seen: FoundFile = { ...file, bytes: now.size, modifiedMs: Math.floor(now.mtimeMs) }
      const settled = seen.bytes === last.bytes && seen.modifiedMs === last.modifiedMs
      if (settled && (await this.#takeOne(seen, signal))) return
      if (performance.now() - since > GIVE_UP_GROWING_MS) {
        return this.#fail(file.path, 'still-growing', `${file.path} is still being written`, file.bytes)
      }
      last = seen
    }
  }

  /** True when the file is dealt with, false when it changed meanwhile and must be tried again. */
  async #takeOne(file: FoundFile, signal: AbortSignal): Promise<boolean> {
    const { inPlace } = this.entry
    for (;;) {
      signal.throwIfAborted()
      try {
        const outcome =
          (await this.#parts.recall(file, inPlace)) ??
          (await this.#parts.intake.take(
            {
              path: file.path,
              shownPath: file.path,
              fileName: basename(file.path),
              fileTime: file.modifiedMs,
              store: inPlace ? this.#parts.references : this.#parts.copies,
              byReference: inPlace,
              consume: false,
            },
            signal,
          ))
        this.#resumeFromWaiting()
        if (outcome.outcome === 'changed') return false
        this.#settle(file, outcome)
        return true
      } catch (thrown) {
        signal.throwIfAborted()
        if (WAIT_FOR.has(errorCode(thrown))) await this.#wait(thrown, signal)
        else {
          this.#fail(file.path, errorCode(thrown), `${file.path}: ${errorMessage(thrown)}`, file.bytes)
          return true
        }
      }
    }
  }

  #settle(file: FoundFile, outcome: Exclude<IntakeOutcome, { outcome: 'changed' }>): void {
    if (outcome.outcome === 'failed') return this.#fail(file.path, outcome.code, outcome.message, file.bytes)
    if (!this.entry.inPlace) this.#parts.remember(file, outcome.sha256)
    const { asset } = outcome
    // A watched folder is looked through at every start: what was there already is not worth a line each time.
    if (outcome.outcome === 'imported' || !this.entry.quiet) {
      this.#parts.ledger.record(this.entry.id, {
        path: file.path,
        outcome: outcome.outcome,
        bytes: file.bytes,
        asset,
        code: null,
        message: null,
      })
    }
    if (outcome.outcome === 'imported') {
      this.#files.imported++
      this.#unrendered.add(asset)
    } else this.#files.duplicates++
    this.#finish(file.bytes)
  }

  #fail(path: string, code: string, message: string, bytes: number): void {
    this.#parts.ledger.record(this.entry.id, { path, outcome: 'failed', bytes, asset: null, code, message })
    this.#files.failed++
    this.#recent = [...this.#recent, { path, code, message }].slice(-SHOWN_FAILURES)
    this.#finish(bytes)
  }

  #finish(bytes: number): void {
    this.#files.done++
    this.#bytes.done += bytes
    this.#rate.add(1, bytes)
    this.#report()
  }

  async #wait(thrown: unknown, signal: AbortSignal): Promise<void> {
    this.#state = 'waiting'
    this.#reason = errorMessage(thrown)
    this.#report()
    await sleep(RETRY_MS, undefined, { signal })
  }

  #resumeFromWaiting(): void {
    if (this.#state !== 'waiting') return
    this.#state = 'running'
    this.#reason = null
  }

  #report(atOnce = false): void {
    const elapsed = performance.now() - this.#reported
    if (atOnce || elapsed >= REPORT_MS) {
      if (this.#reportTimer) clearTimeout(this.#reportTimer)
      this.#reportTimer = null
      this.#reported = performance.now()
      this.#parts.onProgress(this.progress())
    } else {
      this.#reportTimer ??= setTimeout(() => this.#report(true), REPORT_MS - elapsed)
    }
  }
}
