import { createMemo, createResource, createRoot, createSignal } from 'solid-js'
import type { SearchHit } from '../../shared/schema/api.ts'
import { request } from './api.ts'
import { onNodeEvent, onReconnect } from './events.ts'
import { pendingFlags } from './pending.ts'

/** Most results that are asked for. */
export const SEARCH_LIMIT = 200

const [query, setQuery] = createSignal('')
let controller: AbortController | undefined

const { found, refetch, mutate } = createRoot(() => {
  const [resource, { refetch: again, mutate: amend }] = createResource(
    () => query() || null,
    async wanted => {
      controller?.abort()
      controller = new AbortController()
      const path = `/api/search?q=${encodeURIComponent(wanted)}&limit=${SEARCH_LIMIT}`
      return { query: wanted, hits: await request<SearchHit[]>(path, { signal: controller.signal }) }
    },
  )
  return { found: resource, refetch: again, mutate: amend }
})

/** Looks for a text from now on; kept, so that the viewer can walk through what was found. */
export { setQuery as setSearchQuery }

export const searchFailure = (): unknown => (found.state === 'errored' ? found.error : null)
export const searchAgain = (): void => void refetch()

/** What was found, best first, without what was just moved to the trash; null until there is an answer. */
export const searchHits = createRoot(() =>
  createMemo((): SearchHit[] | null => {
    const answer = found.state === 'ready' || found.state === 'refreshing' ? found.latest : null
    if (!answer || answer.query !== query()) return null
    return answer.hits.map(hit => ({ ...hit, ...pendingFlags(hit.id) })).filter(hit => !hit.trashed)
  }),
)

/** Makes a confirmed change part of what was found. */
export function amendSearch(ids: readonly string[], change: Partial<SearchHit>): void {
  mutate(
    answer =>
      answer && { ...answer, hits: answer.hits.map(hit => (ids.includes(hit.id) ? { ...hit, ...change } : hit)) },
  )
}

/** Milliseconds in which changes are gathered before asking again. */
const GATHER = 400

/** Keeps what was found in step with the node: pictures that are rendered meanwhile, facts that changed. */
export function followSearch(): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const refresh = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined
      if (query() !== '') void refetch()
    }, GATHER)
  }
  onNodeEvent('assets', event => {
    const changed = new Set(event.ids)
    if (searchHits()?.some(hit => changed.has(hit.id))) refresh()
  })
  onReconnect(refresh)
}
