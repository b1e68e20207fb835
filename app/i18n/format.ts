const language = 'en-GB'
const utc = { timeZone: 'UTC' } as const

const monthFormat = new Intl.DateTimeFormat(language, { ...utc, month: 'long' })
const monthYearFormat = new Intl.DateTimeFormat(language, { ...utc, month: 'long', year: 'numeric' })
const shortMonthFormat = new Intl.DateTimeFormat(language, { ...utc, month: 'short', year: 'numeric' })
const dayFormat = new Intl.DateTimeFormat(language, { ...utc, weekday: 'short', day: 'numeric' })
const fullFormat = new Intl.DateTimeFormat(language, { ...utc, dateStyle: 'full' })
const timeFormat = new Intl.DateTimeFormat(language, { ...utc, timeStyle: 'short' })
const whenFormat = new Intl.DateTimeFormat(language, { ...utc, dateStyle: 'long', timeStyle: 'short' })
const numbers = new Intl.NumberFormat(language)

/** Local date-times carry no zone: they are read and shown as they stand, never shifted. */
function asDate(local: string): Date {
  return new Date(`${local.slice(0, 19)}Z`)
}

function show(format: Intl.DateTimeFormat, local: string): string {
  const date = asDate(local)
  return Number.isNaN(date.getTime()) ? local : format.format(date)
}

/** `July` of `2024-07`. */
export const formatMonth = (bucket: string): string => show(monthFormat, `${bucket}-01T00:00:00`)
/** `July 2024`. */
export const formatMonthYear = (bucket: string): string => show(monthYearFormat, `${bucket}-01T00:00:00`)
/** `Jul 2024`. */
export const formatShortMonth = (bucket: string): string => show(shortMonthFormat, `${bucket}-01T00:00:00`)
/** `Wed 31`. */
export const formatDay = (local: string): string => show(dayFormat, local)
/** `Wednesday, 31 July 2024`. */
export const formatFullDate = (local: string): string => show(fullFormat, local)
/** `18:05`. */
export const formatTime = (local: string): string => show(timeFormat, local)
/** `31 July 2024 at 18:05`. */
export const formatWhen = (local: string): string => show(whenFormat, local)

export const formatNumber = (value: number): string => numbers.format(value)

const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']

/** `3.4 MB`, in steps of 1,000 as disks are sold. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes)
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : Number(value.toFixed(1))} ${units[unit]}`
}

/** Length of a video: `0:07`, `1:02:30`. */
export function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1000)
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const two = (n: number): string => String(n).padStart(2, '0')
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}

/** How long something will take, roughly: `about 3 minutes`. */
export function formatTimeLeft(seconds: number): string {
  const format = (value: number, unit: 'second' | 'minute' | 'hour'): string =>
    new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(value)
  if (seconds < 10) return format(Math.max(1, Math.round(seconds)), 'second')
  if (seconds < 55) return format(Math.round(seconds / 5) * 5, 'second')
  if (seconds < 3300) return format(Math.max(1, Math.round(seconds / 60)), 'minute')
  return format(Math.max(1, Math.round(seconds / 3600)), 'hour')
}

/** `43.46845° N, 11.88151° E`. */
export function formatPlace(latitude: number, longitude: number): string {
  const part = (value: number, positive: string, negative: string): string =>
    `${Math.abs(value).toFixed(5)}° ${value >= 0 ? positive : negative}`
  return `${part(latitude, 'N', 'S')}, ${part(longitude, 'E', 'W')}`
}
