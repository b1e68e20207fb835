/** A date-time as files write it: local, with its offset from UTC where one is given. */
export interface Moment {
  /** `2024-07-31T18:05:12.250`; no fraction where none is given. */
  local: string
  /** `+02:00`; null where the file does not say. */
  offset: string | null
}

const written =
  /^(\d{4})[:/-](\d{2})[:/-](\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/i

/**
 * Reads EXIF's (`2024:07:31 18:05:12`) and XMP's ways of writing a date, with or without time and zone; null for
 * anything that is no real moment, such as the zeros of a camera whose clock was never set.
 */
export function parseMoment(text: unknown): Moment | null {
  if (typeof text !== 'string' || text.length > 64) return null
  const parts = written.exec(text.replaceAll('\0', '').trim())
  if (!parts) return null
  const [, year = '', month = '', day = '', hour = '00', minute = '00', second = '00', fraction, zone] = parts
  if (Number(year) < 1800 || Number(year) > 2200) return null
  const seconds = `${year}-${month}-${day}T${hour}:${minute}:${second}`
  const time = Date.parse(`${seconds}Z`)
  // Days that no month has would otherwise roll over into the next.
  if (Number.isNaN(time) || !new Date(time).toISOString().startsWith(seconds)) return null
  return { local: fraction ? `${seconds}.${fraction.slice(0, 3)}` : seconds, offset: parseOffset(zone) }
}

/** `+02:00` from the ways it is written, UTC as `+00:00`; null for none, or one that no place on earth has. */
export function parseOffset(text: unknown): string | null {
  if (typeof text !== 'string') return null
  const trimmed = text.replaceAll('\0', '').trim()
  if (/^(Z|UTC)$/i.test(trimmed)) return '+00:00'
  const parts = /^([+-])(\d{1,2}):?(\d{2})$/.exec(trimmed)
  if (!parts) return null
  const [, sign = '+', hours = '0', minutes = '0'] = parts
  if (Number(hours) > 14 || Number(minutes) > 59) return null
  return `${sign}${hours.padStart(2, '0')}:${minutes}`
}

/** A moment of UTC as the clocks of a zone (IANA name) show it; null where the zone is not known here. */
export function inZone(utc: string, zone: string): string | null {
  try {
    const parts = new Intl.DateTimeFormat('en-CA-u-hc-h23', {
      timeZone: zone,
      dateStyle: 'short',
      timeStyle: 'medium',
    }).formatToParts(new Date(`${utc}Z`))
    const of = (type: string) => parts.find(part => part.type === type)?.value ?? ''
    return `${of('year')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}:${of('second')}${utc.slice(19)}`
  } catch {
    return null
  }
}

/** A file time (ms since 1970) as this device's clock shows it: the best guess for a file without a date. */
export function localOfFileTime(ms: number): string {
  const usable = Number.isFinite(ms) && ms > -5e12 && ms < 7e12 ? ms : 0
  const date = new Date(usable)
  const shifted = new Date(usable - date.getTimezoneOffset() * 60_000)
  return shifted.toISOString().slice(0, 19)
}
