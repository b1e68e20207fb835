import { cleanFacts, type Said, between } from './clean.ts'
import { inZone, parseMoment, parseOffset, type Moment } from './moment.ts'
import type { Facts } from '../../../shared/schema/index.ts'

/** The tags that facts are made of, and no others: the reader skips what nobody asks for. `#` asks for the bare number. */
export const wantedTags: readonly string[] = [
  'SubSecDateTimeOriginal', 'DateTimeOriginal', 'SubSecCreateDate', 'CreateDate', 'DateCreated', 'CreationDate',
  'MediaCreateDate', 'DateTimeCreated', 'GPSDateTime', 'OffsetTimeOriginal', 'OffsetTimeDigitized', 'OffsetTime',
  'TimeZone', 'ImageSize#', 'Orientation#', 'Rotation', 'Duration#',
  'GPSLatitude#', 'GPSLongitude#', 'Make', 'Model', 'AndroidMake', 'AndroidModel', 'LensModel', 'LensID', 'Lens', 'ISO#', 'FNumber#', 'ExposureTime#',
  'FocalLength#', 'Rating#', 'RatingPercent#', 'SharedUserRating#', 'Keywords', 'Subject', 'HierarchicalSubject', 'TagsList',
  'XPKeywords', 'ImageDescription', 'Caption-Abstract', 'Description', 'UserComment', 'XPComment', 'Title',
] // prettier-ignore

/** Tags by `Group:Name` (`EXIF:Make`), as exiftool answers with `-G0`. */
export type Tags = Record<string, unknown>

/** Facts from exiftool's tags. `zoneOf` names the time zone of a position, null at a loss. */
export function factsOfTags(
  tags: Tags,
  type: 'photo' | 'video',
  fileTime: number,
  zoneOf: (latitude: number, longitude: number) => string | null,
): Facts {
  const position = {
    latitude: first(tags, ['Composite:GPSLatitude', 'XMP:GPSLatitude', '*:GPSLatitude']),
    longitude: first(tags, ['Composite:GPSLongitude', 'XMP:GPSLongitude', '*:GPSLongitude']),
  }
  const zoneThere = zoneOfPosition(position, zoneOf)
  const turn = turnOf(tags, type)
  const [wide, high] = sidesOf(tags['Composite:ImageSize'])
  const said: Said = {
    ...takenAt(tags, type, zoneThere),
    ...(turn >= 5 || avifIsTurned(tags) ? { width: high, height: wide } : { width: wide, height: high }),
    durationMs: type === 'video' ? milliseconds(first(tags, ['QuickTime:Duration', '*:Duration'])) : null,
    ...position,
    make: first(tags, ['EXIF:Make', '*:Make', '*:AndroidMake']),
    model: first(tags, ['EXIF:Model', '*:Model', '*:AndroidModel']),
    lens: lensOf(tags),
    iso: first(tags, ['EXIF:ISO', 'Composite:ISO', '*:ISO']),
    fNumber: first(tags, ['EXIF:FNumber', '*:FNumber']),
    exposure: first(tags, ['EXIF:ExposureTime', '*:ExposureTime']),
    focalLengthMm: first(tags, ['EXIF:FocalLength', '*:FocalLength']),
    rating: ratingOf(tags),
    keywords: keywordsOf(tags),
    orientation: turn,
  }
  // The first words that are anybody's: what cameras write by themselves is not a description.
  for (const description of descriptionsOf(tags)) {
    const facts = cleanFacts({ ...said, description }, fileTime)
    if (facts.description !== null) return facts
  }
  return cleanFacts(said, fileTime)
}

/** The first value that says something, of tags by name; `*:` stands for any group. */
function first(tags: Tags, names: string[]): unknown {
  for (const name of names) {
    const values = name.startsWith('*:') ? all(tags, name.slice(2)) : [tags[name]]
    const value = values.find(one => one !== undefined && one !== null && one !== '')
    if (value !== undefined) return Array.isArray(value) ? (value as unknown[])[0] : value
  }
  return null
}

function all(tags: Tags, name: string): unknown[] {
  return Object.entries(tags).flatMap(([key, value]) => (key.endsWith(`:${name}`) ? [value] : []))
}

function takenAt(tags: Tags, type: 'photo' | 'video', zoneThere: string | null): Said {
  const zoned = (moment: Moment, offsetTags: string[]): Said => {
    const offset =
      moment.offset ?? offsetTags.map(name => parseOffset(first(tags, [`*:${name}`]))).find(one => one) ?? null
    return { takenAt: moment.local, timeZone: offset ?? zoneThere }
  }
  const universal = (moment: Moment): Said => {
    const local = zoneThere === null ? null : inZone(moment.local, zoneThere)
    return local === null ? { takenAt: moment.local, timeZone: 'UTC' } : { takenAt: local, timeZone: zoneThere }
  }
  const found = (names: string[]): Moment | null => {
    for (const name of names) {
      const moment = parseMoment(first(tags, [name]))
      if (moment) return moment
    }
    return null
  }

  const apple = type === 'video' ? found(['QuickTime:CreationDate', '*:CreationDate']) : null
  if (apple) return zoned(apple, [])
  const original = found([
    'Composite:SubSecDateTimeOriginal',
    'EXIF:DateTimeOriginal',
    'XMP:DateTimeOriginal',
    '*:DateTimeOriginal',
  ])
  if (original) return zoned(original, ['OffsetTimeOriginal', 'OffsetTime', 'TimeZone'])
  if (type === 'video') {
    const created = found(['QuickTime:MediaCreateDate', 'QuickTime:CreateDate', '*:CreateDate'])
    if (created) return universal(created)
  }
  const digitized = found(['Composite:SubSecCreateDate', 'EXIF:CreateDate', 'XMP:CreateDate', '*:CreateDate'])
  if (digitized) return zoned(digitized, ['OffsetTimeDigitized', 'OffsetTime', 'TimeZone'])
  const written = found(['Composite:DateTimeCreated', 'XMP:DateCreated', '*:DateCreated'])
  if (written) return zoned(written, [])
  const satellite = found(['Composite:GPSDateTime', '*:GPSDateTime'])
  return satellite ? universal(satellite) : {}
}

function zoneOfPosition(
  position: { latitude: unknown; longitude: unknown },
  zoneOf: (latitude: number, longitude: number) => string | null,
): string | null {
  const { latitude, longitude } = cleanFacts(position, 0)
  return latitude === null || longitude === null ? null : zoneOf(latitude, longitude)
}

/** EXIF orientation of the original; a video's rotation in the same numbers. */
function turnOf(tags: Tags, type: 'photo' | 'video'): number {
  if (type === 'photo') return between(first(tags, ['EXIF:Orientation', 'XMP:Orientation', '*:Orientation']), 1, 8) ?? 1
  const degrees = between(first(tags, ['Composite:Rotation', '*:Rotation']), -360, 360) ?? 0
  return { 90: 6, 180: 3, 270: 8 }[(degrees + 360) % 360] ?? 1
}

/** AVIF says its turn in a box of its own, in words. */
function avifIsTurned(tags: Tags): boolean {
  const turn = tags['QuickTime:Rotation']
  return typeof turn === 'string' && /Rotate (90|270)/.test(turn)
}

function sidesOf(size: unknown): [number | null, number | null] {
  const parts = /^(\d{1,7})[ x](\d{1,7})$/.exec(typeof size === 'string' ? size : '')
  return parts ? [Number(parts[1]), Number(parts[2])] : [null, null]
}

function milliseconds(seconds: unknown): number | null {
  const number = between(seconds, 0, 1e6)
  return number === null ? null : number * 1000
}

function lensOf(tags: Tags): unknown {
  const names = ['EXIF:LensModel', '*:LensModel', 'Composite:LensID', '*:LensID', '*:Lens']
  return names
    .map(name => first(tags, [name]))
    .find(lens => typeof lens === 'string' && !/^[\W_]*$|unknown|^n\/a$/i.test(lens))
}

/** Stars; Windows also writes them as percent. */
function ratingOf(tags: Tags): unknown {
  const stars = between(first(tags, ['XMP:Rating', 'EXIF:Rating', '*:Rating']), 0, 5, Math.round)
  if (stars !== null) return stars
  const percent = between(first(tags, ['*:RatingPercent', '*:SharedUserRating']), 1, 100)
  return percent === null ? null : percent < 13 ? 1 : percent < 38 ? 2 : percent < 63 ? 3 : percent < 88 ? 4 : 5
}

function keywordsOf(tags: Tags): unknown[] {
  const list = (name: string) => all(tags, name).flatMap((value): unknown[] => (Array.isArray(value) ? value : [value]))
  const leaf = (word: unknown) => String(word).split(/[|/]/).at(-1)
  return [
    ...list('Keywords').flatMap(word => (typeof word === 'string' && word.includes(';') ? word.split(';') : [word])),
    ...list('Subject'),
    ...list('XPKeywords').flatMap(words => String(words).split(';')),
    ...list('HierarchicalSubject').map(leaf),
    ...list('TagsList').map(leaf),
  ]
}

function descriptionsOf(tags: Tags): unknown[] {
  const names = ['ImageDescription', 'Caption-Abstract', 'Description', 'UserComment', 'XPComment']
  return names.flatMap(name => all(tags, name)).filter(value => typeof value === 'string' && value.trim() !== '')
}
