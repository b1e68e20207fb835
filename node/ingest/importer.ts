import { randomUUID } from 'node:crypto'
import { lstat } from 'node:fs/promises'
import { isAbsolute, normalize } from 'node:path'
import { errorMessage, HomerollError } from '../../shared/errors/index.ts'
import type { AssetId } from '../../shared/ids/index.ts'
import type { ImportProgress } from '../../shared/schema/index.ts'
import { createEmitter } from '../platform/index.ts'
import { ImportRun, type RunParts } from './import-run.ts'
import type { LedgerImport } from './ledger.ts'

export type ImporterParts = Omit<RunParts, 'onProgress'>

/** Imports by people and by watched folders: started, followed, stopped, resumed, also after the node was killed. */
export interface Importer {
  /** Rejects with `no-such-path` when none of the paths is there, `bad-path` for relative ones. */
  start(paths: string[], options: { inPlace: boolean; quiet?: boolean }): Promise<ImportProgress>
  /** Goes on with everything that was under way when the node last ended. */
  resumeAll(): void
  list(): ImportProgress[]
  get(id: string): ImportProgress | null
  stop(id: string): ImportProgress | null
  resume(id: string): ImportProgress | null
  /** Resolves when the import ends, with what became of it; null where none runs. */
  finished(id: string): Promise<ImportProgress | null>
  active(): number
  /** An asset got its pictures, or turned out damaged. */
  rendered(asset: AssetId, problem: { code: string; message: string } | null): void
  onProgress(listener: (progress: ImportProgress) => void): () => void
  close(): Promise<void>
}

/** Finished imports that stay listed. */
const KEEP = 50
const MAX_PATHS = 10_000
const LISTED_FAILURES = 10_000
/** Lines of a finished import that are forgotten in one go, so that nothing waits for it. */
const TIDY = 500

export function createImporter(parts: ImporterParts): Importer {
  const { ledger } = parts
  const progressed = createEmitter<ImportProgress>()
  const runs = new Map<string, ImportRun>()
  let closed = false
  let tidying: NodeJS.Immediate | null = null

  function run(entry: LedgerImport): ImportRun {
    const started = new ImportRun(entry, {
      ...parts,
      onProgress: progress => {
        if (!entry.quiet) progressed.emit(progress)
      },
    })
    runs.set(entry.id, started)
    void started.finished.then(() => ended(entry, started)).catch(warn)
    return started
  }

  function ended(entry: LedgerImport, run: ImportRun): void {
    if (entry.quiet) {
      runs.delete(entry.id)
      ledger.forget(entry.id)
      return
    }
    if (run.progress().state !== 'done' || closed) return
    ledger.finish(entry.id, KEEP)
    const listed = new Set(ledger.imports().map(({ id }) => id))
    for (const id of runs.keys()) if (!listed.has(id)) runs.delete(id)
    tidy()
  }

  function tidy(): void {
    if (tidying) return
    tidying = setImmediate(() => {
      tidying = null
      try {
        if (!closed && ledger.tidy(TIDY)) tidy()
      } catch (thrown) {
        warn(thrown)
      }
    })
  }

  function get(id: string): ImportProgress | null {
    const current = runs.get(id)
    if (current) return { ...current.progress(), failures: ledger.failures(id, LISTED_FAILURES) }
    const entry = ledger.imports().find(known => known.id === id)
    return entry ? past(entry, LISTED_FAILURES) : null
  }

  function past(entry: LedgerImport, failures: number): ImportProgress {
    const { imported, duplicates, failed, rendered, bytes } = ledger.counts(entry.id)
    const done = imported + duplicates + failed
    return {
      id: entry.id,
      paths: entry.paths,
      inPlace: entry.inPlace,
      state: entry.state === 'done' ? 'done' : 'stopped',
      reason: null,
      startedAt: entry.startedAt,
      finishedAt: entry.finishedAt,
      files: { found: done, done, imported, duplicates, failed, rendered },
      bytes: { found: bytes, done: bytes },
      rate: { filesPerSecond: 0, bytesPerSecond: 0 },
      secondsLeft: null,
      failures: ledger.failures(entry.id, failures),
    }
  }

  /** Once a stop has come to its end, unless it was stopped again meanwhile. */
  function goOn(id: string): void {
    const entry = ledger.imports().find(known => known.id === id)
    if (entry?.state === 'open' && !closed && !runs.get(id)?.active) run(entry)
  }

  function refuseWhenClosed(): void {
    if (closed) throw new HomerollError('closing', 'the node is closing', { status: 503 })
  }

  return {
    async start(paths, { inPlace, quiet = false }) {
      refuseWhenClosed()
      if (paths.length === 0 || paths.length > MAX_PATHS) {
        throw new HomerollError('bad-request', `name between 1 and ${MAX_PATHS} files or folders`, { status: 400 })
      }
      const relative = paths.find(path => !isAbsolute(path))
      if (relative !== undefined)
        throw new HomerollError('bad-path', `${relative} must be a full path`, { status: 400 })
      await mustExist(paths)
      refuseWhenClosed()
      const entry: LedgerImport = {
        id: randomUUID(),
        paths: paths.map(path => normalize(path)),
        inPlace,
        quiet,
        state: 'open',
        startedAt: new Date(parts.now()).toISOString(),
        finishedAt: null,
      }
      ledger.begin(entry)
      return run(entry).progress()
    },
    resumeAll() {
      for (const entry of ledger.imports()) {
        if (entry.state !== 'open') continue
        // A watched folder is looked through afresh at every start anyway.
        if (entry.quiet) {
          ledger.forget(entry.id)
        } else run(entry)
      }
      tidy()
    },
    list() {
      const entries = ledger.imports().filter(entry => !entry.quiet)
      return entries.map(entry => runs.get(entry.id)?.progress() ?? past(entry, 20)).reverse()
    },
    get,
    stop(id) {
      const current = runs.get(id)
      if (current?.active) {
        ledger.setState(id, 'stopped', null)
        current.stop()
      }
      return get(id)
    },
    resume(id) {
      const entry = ledger.imports().find(known => known.id === id)
      if (!entry) return null
      if (entry.state === 'stopped') {
        refuseWhenClosed()
        ledger.setState(id, 'open', null)
        const before = runs.get(id)
        if (!before?.active) run({ ...entry, state: 'open' })
        else void before.finished.then(() => goOn(id)).catch(warn)
      }
      return get(id)
    },
    async finished(id) {
      const run = runs.get(id)
      await run?.finished
      return run?.progress() ?? null
    },
    active: () => [...runs.values()].filter(one => one.active).length,
    rendered(asset, problem) {
      try {
        for (const id of ledger.rendered(asset, problem)) runs.get(id)?.rendered(problem)
      } catch (thrown) {
        // A run that waits for it looks again by itself.
        warn(thrown)
      }
    },
    onProgress: listener => progressed.listen(listener),
    async close() {
      closed = true
      if (tidying) clearImmediate(tidying)
      for (const one of runs.values()) one.stop()
      await Promise.all([...runs.values()].map(one => one.finished))
    },
  }
}

function warn(thrown: unknown): void {
  process.emitWarning(`imports: ${errorMessage(thrown)}`)
}

async function mustExist(paths: string[]): Promise<void> {
  const there = await Promise.all(
    paths.map(path =>
      lstat(path).then(
        () => true,
        () => false,
      ),
    ),
  )
  if (there.some(Boolean)) return
  throw new HomerollError('no-such-path', `${paths[0]} is not there`, { status: 404 })
}
