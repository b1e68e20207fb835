import {
  clampedRatio,
  damageOf,
  holdersOf,
  isSet,
  isShown,
  ratioOf,
  reachedVersions,
  takenAtOf,
  viewsOf,
  type AssetState,
} from '../catalogue/index.ts'
import { searchWordsOf } from '../search/index.ts'
import { bucketOf, type Bucket } from '../../shared/time/index.ts'
import { viewNumbers } from './layout.ts'

/** The versions that `lacking` measures by. */
export interface Wanted {
  renditions: number
  facts: number
}

/** What one asset adds to the tables made for reading: a pure function of its state. */
export interface Placement {
  views: number[]
  taken: string
  bucket: Bucket
  /** Thousandths, as displayed and as rows use it. */
  ratio: number
  clamped: number
  isVideo: boolean
  duration: number | null
  favourite: boolean
  ready: boolean
  thumbhash: string | null
  lacksRenditions: boolean
  lacksFacts: boolean
  bytes: number
  damaged: boolean
  trashed: boolean
  holders: string[]
  /** For text search; empty where it must not be found. */
  words: string
}

/** Null while the asset shows nowhere. */
export function placementOf(state: AssetState, wanted: Wanted): Placement | null {
  if (!isShown(state)) return null
  const taken = takenAtOf(state)
  const ratio = ratioOf(state)
  const reached = reachedVersions(state)
  const damaged = damageOf(state) !== null
  const trashed = isSet(state, 'trashed')
  return {
    views: viewsOf(state).map(view => viewNumbers[view]),
    taken,
    bucket: bucketOf(taken),
    ratio,
    clamped: clampedRatio(ratio),
    isVideo: state.added.type === 'video',
    duration: state.facts?.facts.durationMs ?? null,
    favourite: isSet(state, 'favourite'),
    ready: state.renditions !== null,
    thumbhash: state.renditions?.thumbhash ?? null,
    lacksRenditions: reached.renditions < wanted.renditions,
    lacksFacts: !damaged && reached.facts < wanted.facts,
    bytes: state.added.bytes,
    damaged,
    trashed,
    holders: holdersOf(state),
    words: trashed || isSet(state, 'hidden') ? '' : searchWordsOf(state),
  }
}
