import { basename } from 'node:path'
import { stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AssetId } from '../../shared/ids/index.ts'
import { errorCode, errorMessage } from '../../shared/errors/index.ts'
import type { ImportFailure, ImportProgress } from '../../shared/schema/index.ts'
import type { OriginalStore } from '../originals/index.ts'
import { FileCounts } from './file-counts.ts'
import type { Intake, IntakeOutcome, Known, KnownState } from './intake.ts'
import type { Ledger, LedgerImport } from './ledger.ts'
import { deviceTrouble } from './trouble.ts'
import { readFailure, walk, type Found } from './walk.ts'

export interface RunParts {
  ledger: Ledger
  intake: Intake
  copies: OriginalStore
  references: OriginalStore
  /** For each file what it held when it was last read, if neither size nor time changed and it is still held; else null. */
  recall(files: FoundFile[], inPlace: boolean): Promise<(IntakeOutcome | null)[]>
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
/** Files recalled in one go: a folder that is known already costs few questions. */
const RECALL = 256
/** A file touched this recently may still be growing. */
const SETTLE_MS = 2000
const SHORTEST_WAIT_MS = 200
const GIVE_UP_GROWING_MS = 10 * 60_000
const RETRY_MS = 3000
const REPORT_MS = 300
const LOOK_AGAIN_MS = 30_000
const SHOWN_FAILURES = 20
const STATES = 1000

/** One import while it runs: walks, takes in, counts. */
export class ImportRun {
  readonly entry: LedgerImport
  /** Resolves, never rejects, when all is done or it was stopped; nothing of it is under way any more then. */
  readonly finished: Promise<void>
  readonly #parts: RunParts
  readonly #stop = new AbortController()
  readonly #counts: FileCounts
  /** Imported and not rendered so far. */
  #unrendered: number
  #state: ImportProgress['state'] = 'looking'
  #reason: string | null = null
  #finishedAt: string | null = null
  #reported = 0
  #reportTimer: NodeJS.Timeout | null = null
  #allRendered: (() => void) | null = null

  constructor(entry: LedgerImport, parts: RunParts) {
    this.entry = entry
    this.#parts = parts
    try {
      parts.ledger.forgetFailures(entry.id)
    } catch {
      // On a full disk they stay as they are told already.
    }
    const before = parts.ledger.counts(entry.id)
    this.#counts = new FileCounts(before, () => parts.now())
    this.#unrendered = before.imported - before.rendered
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

  /** An asset of this import got its pictures, or turned out damaged: called once for each, after the ledger knows. */
  rendered(problem: { code: string; message: string } | null): void {
    this.#unrendered--
    this.#counts.rendered(problem && this.#parts.ledger.failures(this.entry.id, SHOWN_FAILURES))
    if (this.#unrendered === 0) this.#allRendered?.()
    this.#report()
  }

  progress(): ImportProgress {
    const { id, paths, inPlace, startedAt } = this.entry
    const counts = this.#counts.read()
    return {
      id,
      paths,
      inPlace,
      state: this.#state,
      reason: this.#reason,
      startedAt,
      finishedAt: this.#finishedAt,
      ...counts,
      secondsLeft: this.#state === 'running' ? counts.secondsLeft : null,
    }
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop
    // Started from a constructor: nothing may happen before that is through.
    await Promise.resolve()
    try {
      await this.#noticeRendered(signal)
      await this.#takeEverything(signal)
      signal.throwIfAborted()
      // Nobody follows what a watched folder brings: its pictures are made in their own time.
      if (!this.entry.quiet) await this.#waitForPictures(signal)
      this.#finishedAt = new Date(this.#parts.now()).toISOString()
      await this.#patiently(() => this.#parts.ledger.setState(this.entry.id, 'done', this.#finishedAt), signal)
      this.#end('done')
    } catch (thrown) {
      if (!signal.aborted) {
        // It stays open in the ledger, so that the next start tries again.
        process.emitWarning(`import ${this.entry.id}: ${errorMessage(thrown)}`)
        const failure = { path: this.entry.paths[0] ?? '', code: errorCode(thrown), message: errorMessage(thrown) }
        this.#counts.done({ failure }, 0)
      }
      this.#end(signal.aborted ? 'stopped' : 'done')
    }
  }

  async #waitForPictures(signal: AbortSignal): Promise<void> {
    while (this.#unrendered > 0) {
      const told = new Promise<void>(resolve => (this.#allRendered = resolve))
      const patience = setTimeout(() => this.#allRendered?.(), LOOK_AGAIN_MS)
      await told
      clearTimeout(patience)
      signal.throwIfAborted()
      // Whoever tells of a picture may have met a full disk: what was not told is seen here.
      if (this.#unrendered > 0) await this.#noticeRendered(signal)
    }
  }

  #end(state: 'done' | 'stopped'): void {
    this.#state = state
    this.#reason = null
    this.#finishedAt ??= new Date(this.#parts.now()).toISOString()
    this.#report(true)
  }

  /** Ends only when nothing is under way any more, also where one part fails or it is stopped. */
  async #takeEverything(signal: AbortSignal): Promise<void> {
    const files = this.#toTake(signal)
    const growing: FoundFile[] = []
    await allSettled([
      this.entry.quiet ? Promise.resolve() : this.#count(signal),
      ...Array.from({ length: WIDTH }, async () => {
        for await (const file of sharing(files)) {
          const fresh = Math.abs(this.#parts.now() - file.modifiedMs) < SETTLE_MS
          if (fresh || !(await this.#takeOne(file, signal))) growing.push(file)
        }
      }),
    ])
    if (this.#state === 'looking') this.#state = 'running'
    await allSettled(
      Array.from({ length: WIDTH }, async () => {
        for (let file = growing.shift(); file; file = growing.shift()) await this.#takeWhenSettled(file, signal)
      }),
    )
  }

  /** Pictures that were made just before the node was killed are not made again, so nobody would tell of them. */
  async #noticeRendered(signal: AbortSignal): Promise<void> {
    const { ledger } = this.#parts
    for (let after: AssetId | null = null; ;) {
      signal.throwIfAborted()
      const waiting: AssetId[] = ledger.unrendered(this.entry.id, after, STATES)
      if (waiting.length === 0) return
      after = waiting.at(-1) ?? null
      for (const { id, state, problem } of await this.#parts.states(waiting)) {
        if (state === 'pending') continue
        await this.#patiently(() => {
          if (ledger.rendered(id, problem).includes(this.entry.id)) this.rendered(problem)
        }, signal)
      }
    }
  }

  /** Counts what there is, ahead of the work, so that the time left can be told. */
  async #count(signal: AbortSignal): Promise<void> {
    let n = 0
    for await (const found of walk(this.entry.paths, this.#parts.avoid, signal)) {
      this.#counts.found(found.kind === 'file' ? found.bytes : 0)
      if (++n % 64 === 0) this.#report()
    }
    if (this.#state === 'looking') this.#state = 'running'
    this.#report()
  }

  /** What is left to read: failures of the walk are counted, what was dealt with or is known by its time is passed over. */
  async *#toTake(signal: AbortSignal): AsyncGenerator<FoundFile> {
    let gathered: FoundFile[] = []
    for await (const found of walk(this.entry.paths, this.#parts.avoid, signal)) {
      if (found.kind === 'failure') await this.#fail(found.failure, 0, signal)
      else if (!this.#parts.ledger.isDone(this.entry.id, found.path)) gathered.push(found)
      if (gathered.length < RECALL) continue
      yield* this.#unknownOf(gathered, signal)
      gathered = []
    }
    yield* this.#unknownOf(gathered, signal)
  }

  async *#unknownOf(files: FoundFile[], signal: AbortSignal): AsyncGenerator<FoundFile> {
    if (files.length === 0) return
    const recalled = await this.#patiently(() => this.#parts.recall(files, this.entry.inPlace), signal)
    for (const [i, file] of files.entries()) {
      signal.throwIfAborted()
      const outcome = recalled[i] ?? null
      if (outcome === null || outcome.outcome === 'changed') yield file
      else await this.#settle(file, outcome, signal)
    }
  }

  /** Waits until a file stops growing. A clock that is wrong must not make it wait for ever: only changes count. */
  async #takeWhenSettled(file: FoundFile, signal: AbortSignal): Promise<void> {
    const since = performance.now()
    let last = file
    for (let again = false; ; again = true) {
      const rest = Math.min(last.modifiedMs + SETTLE_MS - this.#parts.now(), SETTLE_MS)
      const wait = Math.max(rest, again ? SHORTEST_WAIT_MS : 0)
      if (wait > 0) await sleep(wait, undefined, { signal })
      let now
      try {
        now = await stat(file.path)
      } catch (thrown) {
        return this.#fail(readFailure(file.path, thrown), file.bytes, signal)
      }
      const seen: FoundFile = { ...file, bytes: now.size, modifiedMs: Math.floor(now.mtimeMs) }
      const settled = seen.bytes === last.bytes && seen.modifiedMs === last.modifiedMs
      if (settled && (await this.#takeOne(seen, signal))) return
      if (performance.now() - since > GIVE_UP_GROWING_MS) {
        const failure = { path: file.path, code: 'still-growing', message: `${file.path} is still being written` }
        return this.#fail(failure, file.bytes, signal)
      }
      last = seen
    }
  }

  /** True when the file is dealt with, false when it changed meanwhile and must be tried again. */
  async #takeOne(file: FoundFile, signal: AbortSignal): Promise<boolean> {
    const { inPlace } = this.entry
    const { path } = file
    signal.throwIfAborted()
    let outcome: IntakeOutcome
    try {
      const request = {
        path,
        shownPath: path,
        fileName: basename(path),
        fileTime: file.modifiedMs,
        store: inPlace ? this.#parts.references : this.#parts.copies,
        byReference: inPlace,
        consume: false,
      }
      outcome = await this.#patiently(() => this.#parts.intake.take(request, signal), signal)
    } catch (thrown) {
      signal.throwIfAborted()
      outcome = { outcome: 'failed', code: errorCode(thrown), message: `${path}: ${errorMessage(thrown)}` }
    }
    if (outcome.outcome === 'changed') return false
    await this.#settle(file, outcome, signal)
    return true
  }

  async #settle(
    file: FoundFile,
    outcome: Exclude<IntakeOutcome, { outcome: 'changed' }>,
    signal: AbortSignal,
  ): Promise<void> {
    const { path, bytes } = file
    if (outcome.outcome === 'failed') {
      return this.#fail({ path, code: outcome.code, message: outcome.message }, bytes, signal)
    }
    const { asset } = outcome
    await this.#patiently(() => {
      if (!this.entry.inPlace) this.#parts.remember(file, outcome.sha256)
      // Nobody asks a watched folder where it was: it is looked through afresh at every start.
      if (this.entry.quiet) return
      const line = { path, outcome: outcome.outcome, bytes, asset, code: null, message: null }
      this.#parts.ledger.record(this.entry.id, line)
    }, signal)
    if (outcome.outcome === 'imported') this.#unrendered++
    this.#counts.done(outcome.outcome, bytes)
    this.#report()
  }

  async #fail(failure: ImportFailure, bytes: number, signal: AbortSignal): Promise<void> {
    await this.#patiently(() => {
      this.#parts.ledger.record(this.entry.id, { ...failure, outcome: 'failed', bytes, asset: null })
    }, signal)
    this.#counts.done({ failure }, bytes)
    this.#report()
  }

  /** Troubles of this device, not of a file, are waited out. */
  async #patiently<T>(work: () => T | Promise<T>, signal: AbortSignal): Promise<T> {
    for (;;) {
      try {
        // Also after a stop: what was taken in is to be counted.
        const result = await work()
        if (this.#state === 'waiting') {
          this.#state = 'running'
          this.#reason = null
        }
        return result
      } catch (thrown) {
        signal.throwIfAborted()
        if (!deviceTrouble(thrown)) throw thrown
        this.#state = 'waiting'
        this.#reason = errorMessage(thrown)
        this.#report()
        await sleep(RETRY_MS, undefined, { signal })
      }
    }
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

/** Lets several loops read one generator; one that ends early does not end it for the others. */
function sharing<T>(source: AsyncGenerator<T>): AsyncIterable<T> {
  return { [Symbol.asyncIterator]: () => ({ next: () => source.next() }) }
}

/** Waits for all, then rejects with the first fault. */
async function allSettled(work: Promise<void>[]): Promise<void> {
  const ended = await Promise.allSettled(work)
  const failed = ended.find(one => one.status === 'rejected')
  if (failed) throw failed.reason
}
