import Value from 'typebox/value'
import { HomerollError } from '../../../shared/errors/index.ts'
import { Facts } from '../../../shared/schema/index.ts'
import { localOfFileTime } from './moment.ts'

/** What a source says of a file, not checked: any value may be anything. */
export type Said = { [K in keyof Facts]?: unknown }

/**
 * Facts from whatever was said: what is not a sound value is unknown, texts lose control characters and are cut to
 * their limits, (0, 0) is no position. `takenAt` and `timeZone` are taken as they are and fall back to `fileTime`.
 */
export function cleanFacts(said: Said, fileTime: number): Facts {
  const position = cleanPosition(said.latitude, said.longitude)
  const facts: Facts = {
    takenAt: typeof said.takenAt === 'string' ? said.takenAt : localOfFileTime(fileTime),
    takenAtSource: typeof said.takenAt === 'string' ? 'metadata' : 'file',
    timeZone: typeof said.takenAt === 'string' ? cleanText(said.timeZone, 64) : null,
    width: between(said.width, 0, 1_000_000, Math.round) ?? 0,
    height: between(said.height, 0, 1_000_000, Math.round) ?? 0,
    durationMs: between(said.durationMs, 0, 1e9, Math.round),
    latitude: position?.latitude ?? null,
    longitude: position?.longitude ?? null,
    make: cleanText(said.make, 256),
    model: cleanText(said.model, 256),
    lens: cleanText(said.lens, 256),
    iso: positive(between(said.iso, 0, 1e9)),
    fNumber: positive(between(said.fNumber, 0, 1e6)),
    exposure: exposureText(said.exposure),
    focalLengthMm: positive(between(said.focalLengthMm, 0, 1e6)),
    rating: between(said.rating, 0, 5, Math.round),
    description: cleanDescription(said.description),
    keywords: cleanKeywords(said.keywords),
    orientation: between(said.orientation, 1, 8, Math.trunc) ?? 1,
  }
  if (!Value.Check(Facts, facts))
    throw new HomerollError('facts-invalid', 'facts were read that break their own schema')
  return facts
}

/** A number within bounds; null for anything else. */
export function between(value: unknown, least: number, most: number, round = (n: number) => n): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof number !== 'number' || !Number.isFinite(number)) return null
  const rounded = round(number)
  return rounded >= least && rounded <= most ? rounded : null
}

const positive = (value: number | null) => (value === 0 ? null : value)

/** One line of text without control characters, at most `limit` long; null where nothing is left. */
function cleanText(value: unknown, limit: number): string | null {
  return clean(value, limit, /[\p{Cc}\p{Zl}\p{Zp}]+/gu)
}

function clean(value: unknown, limit: number, unwanted: RegExp): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null
  const text = String(value)
    .slice(0, limit * 4)
    .replaceAll('\r\n', '\n')
    .replaceAll('\0', '')
    .replace(unwanted, ' ')
    .replaceAll('\uFFFD', '')
    .toWellFormed()
    .normalize('NFC')
    .trim()
  // A cut in the middle of a pair of surrogates would leave half a character.
  const cut =
    text.length <= limit
      ? text
      : text
          .slice(0, limit)
          .replace(/[\uD800-\uDBFF]$/, '')
          .trim()
  return cut === '' ? null : cut
}

/** Words that cameras and programs write when nobody said anything. */
const nobodysWords =
  /^(olympus digital camera|(sony|minolta|konica|kodak|samsung|fuji(film)?|casio|digital|dig)(\s*(dsc|digital|camera|still|image))*|dcf?im|dsc|exif[_ ]jpeg[_ ](picture|t?\d*)|jpeg picture|image|untitled|default|ascii|unicode|user ?comments?|charset.*|binary data.*|screenshot|\d{8}_\d{6}|-+|\.+)$/i

function cleanDescription(value: unknown): string | null {
  const text = clean(value, 8192, /[^\P{Cc}\n\t]+/gu)
  return text === null || nobodysWords.test(text) ? null : text
}

function cleanKeywords(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value.slice(0, 4096) : []
  const words = list.map(word => cleanText(word, 256)).filter(word => word !== null)
  return [...new Set(words)].slice(0, 256)
}

function cleanPosition(latitude: unknown, longitude: unknown) {
  const position = { latitude: between(latitude, -90, 90), longitude: between(longitude, -180, 180) }
  if (position.latitude === null || position.longitude === null) return null
  // Cameras without a fix write zeros; the real place is open sea.
  return position.latitude === 0 && position.longitude === 0 ? null : position
}

/** `1/250`, `0.5`, `2` from seconds. */
function exposureText(value: unknown): string | null {
  const seconds = positive(between(value, 0, 1e6))
  if (seconds === null || seconds < 1e-7) return null
  return seconds < 0.26 ? `1/${Math.round(1 / seconds)}` : String(Number(seconds.toFixed(1)))
}
