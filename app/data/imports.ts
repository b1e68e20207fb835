import { createMemo, createRoot, createSignal } from 'solid-js'
import type { ImportProgress } from '../../shared/schema/api.ts'
import { reasonOf, request } from './api.ts'
import { t } from '../i18n/index.ts'
import { onNodeEvent, onReconnect } from './events.ts'
import { notify } from './notices.ts'

const [all, setAll] = createSignal<ImportProgress[] | null>(null)
const [failure, setFailure] = createSignal<string | null>(null)

/** All imports that the node knows, newest first; null until loaded. */
export const allImports = all
/** Why the imports are not known. */
export const importsFailure = failure

/** Imports that are not finished and not stopped, newest first. */
export const activeImports = createRoot(() =>
  createMemo(() => (all() ?? []).filter(one => one.state !== 'done' && one.state !== 'stopped')),
)

function put(progress: ImportProgress): void {
  const before = all()?.find(one => one.id === progress.id)?.state
  if (progress.state === 'waiting' && before !== 'waiting') {
    notify({ text: t('imports.waits', { reason: progress.reason ?? '' }), tone: 'bad' })
  }
  setAll(known => {
    const rest = (known ?? []).filter(one => one.id !== progress.id)
    return [...rest, progress].sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1))
  })
}

export async function loadImports(): Promise<void> {
  try {
    const found = await request<ImportProgress[]>('/api/imports')
    setAll(found.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1)))
    setFailure(null)
  } catch (error) {
    setFailure(reasonOf(error))
  }
}

/** Begins to take folders in. `inPlace`: shown from where they lie. Throws `ApiFault`. */
export async function startImport(paths: string[], inPlace: boolean): Promise<void> {
  put(await request<ImportProgress>('/api/imports', { method: 'POST', body: { paths, inPlace } }))
}

/** Stops an import, or goes on with a stopped one. Throws `ApiFault`. */
export async function steerImport(id: string, action: 'stop' | 'resume'): Promise<void> {
  const progress = await request<ImportProgress | null>(`/api/imports/${id}/${action}`, { method: 'POST' })
  if (progress !== null && 'state' in progress) put(progress)
}

export function followImports(): void {
  onNodeEvent('import', event => put(event.progress))
  onReconnect(() => void loadImports())
}
