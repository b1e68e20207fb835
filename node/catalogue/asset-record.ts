import type { AssetRecord } from '../../shared/schema/index.ts'
import type { AssetState } from './asset-state.ts'
import {
  conditionOf,
  damageOf,
  descriptionOf,
  holdersOf,
  isSet,
  isShown,
  ratingOf,
  tagsOf,
  takenAtOf,
} from './shown.ts'

/** The asset as scripts and the app see it; null until its `asset.added` has arrived. */
export function assetRecordOf(state: AssetState): AssetRecord | null {
  if (!isShown(state)) return null
  const { added } = state
  const facts = state.facts?.facts
  const damage = damageOf(state)
  return {
    id: state.id,
    sha256: added.sha256,
    sha1: added.sha1,
    fileName: added.fileName,
    type: added.type,
    mime: added.mime,
    bytes: added.bytes,
    width: facts?.width || null,
    height: facts?.height || null,
    durationMs: facts?.durationMs ?? null,
    takenAt: takenAtOf(state),
    timeZone: facts?.timeZone ?? null,
    latitude: facts?.latitude ?? null,
    longitude: facts?.longitude ?? null,
    city: null,
    region: null,
    country: null,
    make: facts?.make ?? null,
    model: facts?.model ?? null,
    lens: facts?.lens ?? null,
    iso: facts?.iso ?? null,
    fNumber: facts?.fNumber ?? null,
    exposure: facts?.exposure ?? null,
    focalLengthMm: facts?.focalLengthMm ?? null,
    rating: ratingOf(state),
    description: descriptionOf(state),
    favourite: isSet(state, 'favourite'),
    archived: isSet(state, 'archived'),
    trashed: isSet(state, 'trashed'),
    hidden: isSet(state, 'hidden'),
    tags: tagsOf(state),
    people: [],
    motionSha1: null,
    copies: holdersOf(state).length,
    state: conditionOf(state),
    problem: damage ? { code: damage.code, message: damage.message } : null,
  }
}
