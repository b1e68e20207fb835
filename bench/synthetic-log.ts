import { createHash } from 'node:crypto'
import { packFrames } from '../node/log/index.ts'
import type { Facts, Operation } from '../shared/schema/index.ts'
import { createHybridClock, type HybridClock } from '../shared/time/index.ts'

export const DEVICE = '12D3KooWBenchmarkBenchmarkBenchmarkBenchmarkBenchmark'
/** Operations that each asset comes to. */
export const OPERATIONS_PER_ASSET = 5

const CAMERAS = [
  ['Apple', 'iPhone 12', 'iPhone 12 back dual wide camera 4.2mm f/1.6'],
  ['Apple', 'iPhone 16 Pro', 'iPhone 16 Pro back triple camera 6.765mm f/1.78'],
  ['Canon', 'Canon EOS 5D Mark III', 'EF24-70mm f/2.8L II USM'],
  ['NIKON CORPORATION', 'NIKON D750', 'AF-S Nikkor 50mm f/1.8G'],
  ['samsung', 'SM-G991B', null],
] as const
const NAMES = ['IMG_', 'DSC', 'DSCN', 'PXL_', 'P10']
const WORDS =
  'beach sunset birthday garden mountain grandma dog lake snow school wedding harbour forest picnic train castle'.split(
    ' ',
  )
const MONTHS = 144

/** Blocks of a log as an import of `assets` writes it: two frames of operations for every 20 assets. */
export function* syntheticLog(assets: number): Iterable<Uint8Array> {
  let wall = Date.UTC(2026, 0, 1)
  const clock = createHybridClock(() => (wall += 20))
  let rendered: Operation[] = []
  for (let from = 0; from < assets; from += 20) {
    const taken: Operation[] = []
    const later: Operation[] = []
    for (let i = from; i < Math.min(assets, from + 20); i++) {
      const [first, second] = operationsOf(i, assets)
      taken.push(...first)
      later.push(...second)
    }
    for (const ops of [taken, rendered]) if (ops.length > 0) yield* blocksOf(ops, clock)
    rendered = later
  }
  yield* blocksOf(rendered, clock)
}

function* blocksOf(ops: Operation[], clock: HybridClock): Iterable<Uint8Array> {
  for (const { block } of packFrames(ops, count => clock.next(count))) yield block
}

function operationsOf(i: number, assets: number): [Operation[], Operation[]] {
  const digest = createHash('sha256').update(`asset ${i}`).digest()
  const sha256 = digest.toString('hex')
  const asset = sha256.slice(0, 32)
  const random = (n: number, at: number) => digest.readUInt32LE(at) % n
  const video = random(20, 0) === 0
  const facts = factsOf(i, assets, digest)
  const name = `${NAMES[random(NAMES.length, 4)]}${String(i % 10_000).padStart(4, '0')}.${video ? 'MOV' : 'JPG'}`
  const place = (size: number) => ({
    drive: DEVICE,
    pack: `packs/${Math.floor(i / 16).toString(16)}`,
    offset: (i % 16) * size,
    length: size,
    mime: 'image/webp',
    width: 480,
    height: 360,
  })
  const taken: Operation[] = [
    {
      kind: 'asset.added',
      sha256,
      sha1: sha256.slice(0, 40),
      bytes: 2_000_000 + random(6_000_000, 8),
      mime: video ? 'video/quicktime' : 'image/jpeg',
      type: video ? 'video' : 'photo',
      fileName: name,
    },
    { kind: 'asset.facts', asset, version: 1, facts },
    { kind: 'original.custody', asset, state: 'held' },
  ]
  const thumbhash = digest.subarray(0, 24).toString('base64')
  const rendered: Operation[] = [
    { kind: 'asset.facts', asset, version: 2, facts: { ...facts, lens: facts.lens, exposure: '1/250' } },
    { kind: 'asset.renditions', asset, version: 1, thumbhash, thumbnail: place(15_000), preview: place(150_000) },
  ]
  return [taken, rendered]
}

function factsOf(i: number, assets: number, digest: Buffer): Facts {
  const random = (n: number, at: number) => digest.readUInt32LE(at) % n
  // More pictures in later years, and holidays: the fullest month has about three times the mean.
  const month = Math.floor(Math.sqrt(i / assets) * MONTHS)
  const day = 1 + random(28, 12)
  const when = new Date(Date.UTC(2014, month, day, random(24, 16), random(60, 18), random(60, 20)))
  const [make, model, lens] = CAMERAS[random(CAMERAS.length, 22)] ?? CAMERAS[0]
  const upright = random(3, 24) === 0
  const captioned = random(10, 26) === 0
  return {
    takenAt: when.toISOString().slice(0, 19),
    takenAtSource: 'metadata',
    timeZone: '+02:00',
    width: upright ? 3024 : 4032,
    height: upright ? 4032 : 3024,
    durationMs: null,
    latitude: 43.46 + random(1000, 14) / 1e4,
    longitude: 11.88,
    make,
    model,
    lens,
    iso: 100,
    fNumber: 2.8,
    exposure: '1/250',
    focalLengthMm: 50,
    rating: null,
    description: captioned ? `${WORDS[random(16, 27)]} and ${WORDS[random(16, 28)]} ${random(5000, 10)}` : null,
    keywords: random(20, 2) === 0 ? [WORDS[random(16, 6)] ?? ''] : [],
    orientation: 1,
  }
}
