import { createHash } from 'node:crypto'
import type { AssetChange, AssetRecord, BucketColumns, BucketSummary, View } from '../../../shared/schema/api.ts'
import type { Picture } from './pictures.ts'

/** One asset of the made-up library; everything else about it follows from its number. */
interface Flags {
  favourite: boolean
  archived: boolean
  trashed: boolean
  rating: number | null
  caption: string | null
}

/** A month of the made-up library: its assets are numbered from `first`, newest first. */
interface Month {
  bucket: string
  first: number
  count: number
}

const EXTRA = 0x40000000

function scramble(n: number): number {
  let x = Math.imul(n ^ (n >>> 16), 0x45d9f3b)
  x = Math.imul(x ^ (x >>> 16), 0x45d9f3b)
  return (x ^ (x >>> 16)) >>> 0
}

export function idOf(n: number): string {
  return n.toString(16).padStart(8, '0') + scramble(n).toString(16).padStart(8, '0').repeat(3)
}

function numberOf(id: string): number | null {
  const n = Number.parseInt(id.slice(0, 8), 16)
  return idOf(n) === id ? n : null
}

const cities = [
  ['Arezzo', 'Tuscany', 'Italy', 43.4685, 11.8815],
  ['Uppsala', 'Uppsala County', 'Sweden', 59.8586, 17.6389],
  ['Palisade', 'Colorado', 'United States', 39.1103, -108.3509],
  ['Lisbon', 'Lisbon', 'Portugal', 38.7223, -9.1393],
] as const
const cameras = [
  ['Apple', 'iPhone 6', null],
  ['Canon', 'Canon EOS 5D', 'EF50mm f/1.4 USM'],
  ['NIKON CORPORATION', 'NIKON D90', 'AF-S DX 18-105mm'],
  ['Google', 'Pixel 7', null],
] as const

/** A library of any size that costs nothing until it is looked at; the same every time. */
export class Library {
  readonly months: Month[] = []
  /** Assets whose thumbnails are not made yet. */
  readonly notReady = new Set<string>()
  readonly #pictures: Picture[]
  readonly #flags = new Map<number, Flags>()
  readonly #added: { n: number; takenAt: string; picture: number }[] = []
  readonly #total: number
  readonly #summaries = new Map<View, Map<string, BucketSummary>>()
  /** Months that changed: their summaries are counted anew each time. */
  readonly #touched = new Set<string>()

  constructor(total: number, pictures: Picture[], newest = '2026-11') {
    this.#pictures = pictures
    this.#total = total
    let [year, month] = newest.split('-').map(Number) as [number, number]
    const span = Math.min(264, Math.max(3, Math.round(total / 40)))
    const weights = Array.from(
      { length: span },
      (_, i) => 0.25 + (scramble(i + 77) % 1000) / 700 + 1.2 * (1 - i / span),
    )
    const sum = weights.reduce((a, b) => a + b, 0)
    let first = 0
    for (const [i, weight] of weights.entries()) {
      const count = i === span - 1 ? total - first : Math.min(total - first, Math.round((total * weight) / sum))
      if (count > 0) this.months.push({ bucket: `${year}-${String(month).padStart(2, '0')}`, first, count })
      first += count
      month--
      if (month === 0) [year, month] = [year - 1, 12]
    }
  }

  #defaults(n: number): Flags {
    const r = scramble(n + 13) % 1000
    return { favourite: r < 60, archived: r >= 985 && r < 995, trashed: r >= 995, rating: null, caption: null }
  }

  flags(n: number): Flags {
    return this.#flags.get(n) ?? this.#defaults(n)
  }

  #shows(view: View, n: number): boolean {
    const { favourite, archived, trashed } = this.flags(n)
    if (view === 'trash') return trashed
    if (view === 'archive') return archived && !trashed
    return !trashed && !archived && (view === 'all' || favourite)
  }

  pictureOf(n: number): Picture {
    if (n >= EXTRA) return this.#pictures[this.#added[n - EXTRA]!.picture]!
    return this.#pictures[scramble(n + 5) % this.#pictures.length]!
  }

  #monthOf(n: number): Month {
    return this.months.findLast(month => month.first <= n)!
  }

  takenAt(n: number): string {
    if (n >= EXTRA) return this.#added[n - EXTRA]!.takenAt
    const month = this.#monthOf(n)
    const at = 1 - (n - month.first + 0.5) / month.count
    // Pictures come in bursts: some days many, most days none.
    const bursts = Math.max(2, Math.min(24, Math.ceil(month.count / 9)))
    const burst = Math.floor(at * bursts)
    const day = 1 + Math.floor((burst * 27) / bursts) + (scramble(month.first + burst) % 2)
    const seconds = Math.floor((8 + ((at * bursts) % 1) * 13) * 3600)
    const two = (value: number): string => String(value).padStart(2, '0')
    return `${month.bucket}-${two(day)}T${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  }

  #numbers(month: Month, view: View): number[] {
    const added = this.#added.filter(one => one.takenAt.startsWith(month.bucket)).map(one => one.n)
    const own = Array.from({ length: month.count }, (_, i) => month.first + i)
    const all = [...added.toReversed(), ...own].filter(n => this.#shows(view, n))
    return added.length === 0 ? all : all.sort((a, b) => (this.takenAt(a) < this.takenAt(b) ? 1 : -1))
  }

  summary(view: View): BucketSummary[] {
    const known = this.#summaries.get(view)
    const found: BucketSummary[] = []
    for (const month of this.months) {
      const same = this.#touched.has(month.bucket) ? undefined : known?.get(month.bucket)
      if (same) {
        if (same.count > 0) found.push(same)
        continue
      }
      let count = 0
      let ratioSum = 0
      for (const n of this.#numbers(month, view)) {
        count++
        ratioSum += this.pictureOf(n).ratio
      }
      if (count > 0) found.push({ bucket: month.bucket, count, ratioSum: Number(ratioSum.toFixed(3)) })
    }
    const all = new Map(this.months.map(({ bucket }) => [bucket, { bucket, count: 0, ratioSum: 0 }]))
    for (const one of found) all.set(one.bucket, one)
    for (const bucket of this.#touched) all.delete(bucket)
    this.#summaries.set(view, all)
    return found
  }

  columns(bucket: string, view: View): BucketColumns {
    const month = this.months.find(one => one.bucket === bucket)
    const numbers = month ? this.#numbers(month, view) : []
    const video = (n: number): boolean => scramble(n + 3) % 29 === 0
    return {
      bucket,
      id: numbers.map(idOf),
      takenAt: numbers.map(n => this.takenAt(n)),
      ratio: numbers.map(n => this.pictureOf(n).ratio),
      type: numbers.map(n => (video(n) ? 'video' : scramble(n + 3) % 29 === 1 ? 'live' : 'photo')),
      durationMs: numbers.map(n => (video(n) ? 4000 + (scramble(n) % 90_000) : null)),
      favourite: numbers.map(n => this.flags(n).favourite),
      thumbhash: numbers.map(n => this.pictureOf(n).thumbhash),
      ready: numbers.map(n => !this.notReady.has(idOf(n))),
    }
  }

  record(id: string): AssetRecord | null {
    const n = numberOf(id)
    if (n === null || (n >= EXTRA ? !this.#added[n - EXTRA] : n >= this.#total)) return null
    const { ratio } = this.pictureOf(n)
    const sha256 = createHash('sha256').update(id).digest('hex')
    const [city, region, country, latitude, longitude] = cities[scramble(n + 1) % cities.length]!
    const [make, model, lens] = cameras[scramble(n + 2) % cameras.length]!
    const video = scramble(n + 3) % 29 === 0
    const { favourite, archived, trashed, rating, caption } = this.flags(n)
    return {
      id,
      sha256: id + sha256.slice(32),
      sha1: sha256.slice(0, 40),
      fileName: `${video ? 'MVI' : 'IMG'}_${String(n % 10_000).padStart(4, '0')}.${video ? 'MP4' : 'JPG'}`,
      type: video ? 'video' : scramble(n + 3) % 29 === 1 ? 'live' : 'photo',
      mime: video ? 'video/mp4' : 'image/jpeg',
      bytes: 1_800_000 + (scramble(n) % 6_000_000),
      width: Math.round(4000 * Math.min(1, ratio)),
      height: Math.round((4000 * Math.min(1, ratio)) / ratio),
      durationMs: video ? 4000 + (scramble(n) % 90_000) : null,
      takenAt: this.takenAt(n),
      timeZone: '+02:00',
      latitude,
      longitude,
      city,
      region,
      country,
      make,
      model,
      lens,
      iso: [100, 200, 400, 800][scramble(n + 4) % 4]!,
      fNumber: 2.8,
      exposure: '1/250',
      focalLengthMm: 35,
      rating,
      description: caption,
      favourite,
      archived,
      trashed,
      hidden: false,
      tags: n % 3 === 0 ? ['family', 'summer'] : [],
      people: [],
      motionSha1: null,
      copies: 1,
      state: this.notReady.has(id) ? 'pending' : 'ready',
      problem: null,
    }
  }

  numberFor(id: string): number | null {
    return this.record(id) === null ? null : numberOf(id)
  }

  /** Applies a change and names the months it touched. */
  change({ ids, set }: AssetChange): string[] {
    const buckets = new Set<string>()
    for (const id of ids) {
      const n = this.numberFor(id)
      if (n === null) continue
      const next: Flags = { ...this.flags(n) }
      if (set?.favourite !== undefined) next.favourite = set.favourite
      if (set?.archived !== undefined) next.archived = set.archived
      if (set?.trashed !== undefined) next.trashed = set.trashed
      if (set?.rating !== undefined) next.rating = set.rating
      if (set?.caption !== undefined) next.caption = set.caption
      this.#flags.set(n, next)
      buckets.add(this.takenAt(n).slice(0, 7))
      this.#touched.add(this.takenAt(n).slice(0, 7))
    }
    return [...buckets]
  }

  /** Takes one more picture in, taken at a local time. */
  add(takenAt: string): { id: string; bucket: string } {
    const n = EXTRA + this.#added.length
    const bucket = takenAt.slice(0, 7)
    this.#touched.add(bucket)
    this.#added.push({ n, takenAt, picture: scramble(n) % this.#pictures.length })
    this.#flags.set(n, { favourite: false, archived: false, trashed: false, rating: null, caption: null })
    if (!this.months.some(month => month.bucket === bucket)) {
      const at = this.months.findIndex(month => month.bucket < bucket)
      const first = this.months.at(-1)
      const month = { bucket, first: first ? first.first + first.count : 0, count: 0 }
      this.months.splice(at < 0 ? this.months.length : at, 0, month)
    }
    return { id: idOf(n), bucket }
  }

  search(query: string, limit: number): AssetRecord[] {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean)
    const found: AssetRecord[] = []
    for (let n = 0; n < Math.min(this.#total, 20_000) && found.length < limit; n++) {
      const record = this.record(idOf(n))!
      if (record.trashed) continue
      const { city, region, country, make, model, fileName, description } = record
      const text = [city, region, country, make, model, fileName, description].join(' ').toLowerCase()
      if (words.every(word => text.includes(word))) found.push(record)
    }
    return found
  }
}
