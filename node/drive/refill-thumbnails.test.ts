import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemoryDrive, createMemoryThumbnails, refillThumbnails, type PackPlace } from './index.ts'

const asset = (n: number) => n.toString(16).padStart(32, '0')

async function library(count: number) {
  const drive = createMemoryDrive()
  const pieces = Array.from({ length: count }, (_, n) => new Uint8Array(10 + n).fill(n & 255))
  const places = await drive.putPack(pieces)
  async function* all() {
    for (const [n, place] of places.entries())
      yield { asset: asset(n), place: { ...place, mime: 'image/webp' }, version: 2 }
  }
  return { drive, pieces, all }
}

test('fills what is missing or older, and leaves the rest', async () => {
  const { drive, pieces, all } = await library(200)
  const thumbnails = createMemoryThumbnails()
  thumbnails.put([
    { asset: asset(3), thumbnail: { mime: 'image/new', bytes: new Uint8Array(1), version: 3 } },
    { asset: asset(4), thumbnail: { mime: 'image/old', bytes: new Uint8Array(1), version: 1 } },
  ])
  const reads: number[] = []
  const counted = { get: (place: PackPlace) => (reads.push(place.offset), drive.get(place)) }
  const seen: number[] = []
  const done = await refillThumbnails({
    places: all(),
    drive: counted,
    thumbnails,
    onProgress: p => seen.push(p.filled),
  })
  assert.deepEqual(done, { seen: 200, filled: 199, unavailable: 0 })
  assert.equal(reads.length, 199)
  assert.equal(seen.at(-1), 199)
  assert.ok(seen.length > 1)
  for (const [n, bytes] of pieces.entries()) {
    const held = thumbnails.get(asset(n))
    if (n === 3) assert.equal(held?.mime, 'image/new')
    else assert.deepEqual(held, { mime: 'image/webp', bytes, version: 2 })
  }
  reads.length = 0
  assert.deepEqual(await refillThumbnails({ places: all(), drive: counted, thumbnails }), {
    seen: 200,
    filled: 0,
    unavailable: 0,
  })
  assert.equal(reads.length, 0)
})

test('what the drive does not hold, or refuses, is counted and left', async () => {
  const { drive, all } = await library(2)
  const thumbnails = createMemoryThumbnails()
  async function* places() {
    yield { asset: asset(8), place: { pack: 'packs/gone', offset: 0, length: 1, mime: 'image/webp' }, version: 1 }
    for await (const one of all()) {
      yield one
      yield { ...one, asset: asset(9), place: { ...one.place, offset: 1e9 } }
    }
  }
  assert.deepEqual(await refillThumbnails({ places: places(), drive, thumbnails }), {
    seen: 5,
    filled: 2,
    unavailable: 3,
  })
  assert.equal(thumbnails.get(asset(8)), null)
})

test('stops when told to; what was filled stays', async () => {
  const { drive, all } = await library(500)
  const thumbnails = createMemoryThumbnails()
  const stop = new AbortController()
  const onProgress = ({ filled }: { filled: number }) => {
    if (filled > 100) stop.abort()
  }
  const run = refillThumbnails({ places: all(), drive, thumbnails, signal: stop.signal, onProgress })
  await assert.rejects(run, { name: 'AbortError' })
  const missing = thumbnails.missing(
    Array.from({ length: 500 }, (_, n) => asset(n)),
    2,
  ).length
  assert.ok(missing > 0 && missing < 500, String(missing))
})
