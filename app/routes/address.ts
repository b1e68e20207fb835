import type { View } from '../../shared/schema/api.ts'
import type { Source } from '../data/sequence.ts'

/** What an address shows: a page, and perhaps a photo over it. */
export interface Address {
  page: { kind: 'timeline'; view: View } | { kind: 'search' } | { kind: 'imports' } | { kind: 'device' }
  photo: string | null
  /** Text that is searched for. */
  query: string
}

const paths: Record<View, string> = { all: '/', favourites: '/favourites', archive: '/archive', trash: '/trash' }
const views = new Map(Object.entries(paths).map(([view, path]) => [path, view as View]))

export const pathOfView = (view: View): string => paths[view]
export const IMPORTS = '/imports'
export const DEVICE = '/device'
export const SEARCH = '/search'

export function searchPath(query: string): string {
  return query === '' ? SEARCH : `${SEARCH}?q=${encodeURIComponent(query)}`
}

/** Address of a photo, with the page below it kept. */
export function photoPath(id: string, source: Source, query: string): string {
  const rest = new URLSearchParams()
  if (source !== 'all') rest.set('in', source)
  if (source === 'search') rest.set('q', query)
  return `/photo/${id}${rest.size > 0 ? `?${rest.toString()}` : ''}`
}

/** Path of the page below a photo. */
export function pathBelow({ page, query }: Address): string {
  return page.kind === 'timeline' ? pathOfView(page.view) : searchPath(query)
}

export function sourceOf({ page }: Address): Source {
  return page.kind === 'timeline' ? page.view : 'search'
}

/** Reads an address; unknown paths are the photos. */
export function readAddress(path: string, search: string): Address {
  const parameters = new URLSearchParams(search)
  const query = parameters.get('q') ?? ''
  const photo = /^\/photo\/([0-9a-f]{32})\/?$/.exec(path)?.[1] ?? null
  if (photo !== null) {
    const source = parameters.get('in') ?? 'all'
    if (source === 'search') return { page: { kind: 'search' }, photo, query }
    const view = source in paths ? (source as View) : 'all'
    return { page: { kind: 'timeline', view }, photo, query }
  }
  const plain = path.length > 1 ? path.replace(/\/$/, '') : path
  if (plain === SEARCH) return { page: { kind: 'search' }, photo, query }
  if (plain === IMPORTS) return { page: { kind: 'imports' }, photo, query }
  if (plain === DEVICE) return { page: { kind: 'device' }, photo, query }
  return { page: { kind: 'timeline', view: views.get(plain) ?? 'all' }, photo, query }
}
