import type { Folder, WatchedFolder } from '../../shared/schema/api.ts'
import { request } from './api.ts'

/** A folder of the node's own machine, or its starting points when no path is given. Throws `ApiFault`. */
export function listFolder(path: string | null, signal: AbortSignal): Promise<Folder> {
  return request<Folder>(path === null ? '/api/folders' : `/api/folders?path=${encodeURIComponent(path)}`, { signal })
}

export function listWatches(): Promise<WatchedFolder[]> {
  return request<WatchedFolder[]>('/api/watches')
}

/** Has new photos of a folder taken in as they appear. Throws `ApiFault`. */
export async function addWatch(path: string, copy: boolean): Promise<void> {
  await request('/api/watches', { method: 'POST', body: { path, copy } })
}

/** Ends a watch; what came in through it stays. Throws `ApiFault`. */
export async function removeWatch(path: string): Promise<void> {
  await request(`/api/watches?path=${encodeURIComponent(path)}`, { method: 'DELETE' })
}
