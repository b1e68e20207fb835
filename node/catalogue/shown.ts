import type { View } from '../../shared/schema/index.ts'
import { isBucket } from '../../shared/time/index.ts'
import type { AssetState } from './asset-state.ts'
import { compareStamps } from '../../shared/time/index.ts'
import { FILE_ADDITION } from './rules/tags.ts'

const MIN_RATIO = 300
const MAX_RATIO = 4000
const UNKNOWN_RATIO = 1500

/** Whether the asset's `asset.added` has arrived: until then it shows nowhere. */
export function isShown(state: AssetState): state is AssetState & { added: NonNullable<AssetState['added']> } {
  return state.added !== null
}

/** A renderer's failure stands unless one as new, or newer, could show the original. */
export function damageOf(state: AssetState): AssetState['damage'] {
  const { damage, renditions } = state
  return damage && (renditions?.version ?? 0) < damage.version ? damage : null
}

/** `damaged` as above; `ready` with renditions; else `pending`. */
export function conditionOf(state: AssetState): 'pending' | 'ready' | 'damaged' {
  return damageOf(state) ? 'damaged' : state.renditions ? 'ready' : 'pending'
}

/** The versions that the renditions and the facts have reached, trying included; 0 for none. */
export function reachedVersions(state: AssetState): { renditions: number; facts: number } {
  const renditions = Math.max(state.renditions?.version ?? 0, state.damage?.version ?? 0)
  return { renditions, facts: state.facts?.version ?? 0 }
}

/** Local date-time: the person's correction, else the file's, else when the asset was added (UTC). */
export function takenAtOf(state: AssetState): string {
  const corrected = state.registers.takenAt?.value
  if (corrected && isDateTime(corrected)) return corrected
  if (state.facts && isDateTime(state.facts.facts.takenAt)) return state.facts.facts.takenAt
  const ms = Math.min((state.added?.stamp ?? 0) / 1000, Date.UTC(9999, 11, 31))
  return new Date(Math.max(0, ms)).toISOString().slice(0, 19)
}

function isDateTime(text: string): boolean {
  return isBucket(text.slice(0, 7)) && /^.{7}-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-6]\d/.test(text)
}

/** Width / height as displayed, in thousandths; 1500 while unknown. */
export function ratioOf(state: AssetState): number {
  const facts = state.facts?.facts
  if (facts && facts.width > 0 && facts.height > 0) return thousandths(facts.width, facts.height)
  const preview = state.renditions?.preview
  return preview ? thousandths(preview.width, preview.height) : UNKNOWN_RATIO
}

function thousandths(width: number, height: number): number {
  return Math.max(1, Math.round((width * 1000) / height))
}

/** The ratio as rows of the timeline use it, neither a thread nor a tower. */
export function clampedRatio(ratio: number): number {
  return Math.min(Math.max(ratio, MIN_RATIO), MAX_RATIO)
}

export function isSet(state: AssetState, field: 'favourite' | 'archived' | 'trashed' | 'hidden'): boolean {
  return state.registers[field]?.value ?? false
}

/** Null where nobody rated it. */
export function ratingOf(state: AssetState): number | null {
  return state.registers.rating?.value ?? state.facts?.facts.rating ?? null
}

/** The person's caption, else the file's words; an empty caption hides them. */
export function descriptionOf(state: AssetState): string | null {
  return (state.registers.caption?.value ?? state.facts?.facts.description ?? '') || null
}

/** The file's keywords and the tags that people gave, without those that people took away; in order. */
export function tagsOf(state: AssetState): string[] {
  const shown = new Set<string>()
  for (const [name, tag] of state.tags) if (tag.live.length > 0) shown.add(name)
  for (const keyword of state.facts?.facts.keywords ?? [])
    if (keyword && fileTagStands(state, keyword)) shown.add(keyword)
  return [...shown].sort()
}

/** The additions of a tag that stand: what a removal must name. */
export function tagAdditionsOf(state: AssetState, tag: string): { stamp: number; device: string }[] {
  const additions = [...(state.tags.get(tag)?.live ?? [])]
  if (state.facts?.facts.keywords.includes(tag) && fileTagStands(state, tag)) additions.push(FILE_ADDITION)
  return additions
}

function fileTagStands(state: AssetState, keyword: string): boolean {
  return !state.tags.get(keyword)?.removed.some(entry => compareStamps(entry, FILE_ADDITION) === 0)
}

/**
 * The views that an asset is in. The trash has everything trashed. The others leave out what is trashed, hidden or
 * damaged; favourites stay favourites in the archive.
 */
export function viewsOf(state: AssetState): View[] {
  if (!isShown(state)) return []
  if (isSet(state, 'trashed')) return ['trash']
  if (isSet(state, 'hidden') || damageOf(state)) return []
  const shown: View[] = [isSet(state, 'archived') ? 'archive' : 'all']
  if (isSet(state, 'favourite')) shown.push('favourites')
  return shown
}

/** Devices that say they hold the original. */
export function holdersOf(state: AssetState): string[] {
  return [...state.custody].filter(([, custody]) => custody.state === 'held').map(([device]) => device)
}
