import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openThumbnails } from '../node/drive/index.ts'
import { openIdentity } from '../node/identity/index.ts'
import { openCorestore, openLogs, packFrames } from '../node/log/index.ts'
import { FACTS_VERSION } from '../node/media/index.ts'
import type { AssetId } from '../shared/ids/index.ts'
import type { Operation } from '../shared/schema/index.ts'
import { createHybridClock } from '../shared/time/index.ts'

const DEVICE = '12D3KooWBenchmarkBenchmarkBenchmarkBenchmarkBenchmark'
const MONTH = '2024-07'

/** The same thumbnails twice: in the store that the node reads, and as files for the static servers. */
export function writeThumbnails(folder: string, count: number, bytes: number): AssetId[] {
  const dataDir = join(folder, 'data')
  mkdirSync(dataDir, { mode: 0o700 })
  const store = openThumbnails(join(dataDir, 'thumbnails.sqlite'))
  const files = join(folder, 'files')
  mkdirSync(files)
  const thumbnails = Array.from({ length: count }, (_, i) => {
    const content = randomBytes(bytes)
    const asset = digestOf(i).toString('hex').slice(0, 32)
    writeFileSync(join(files, `${asset}.webp`), content)
    return { asset, thumbnail: { mime: 'image/webp', bytes: content, version: 1 } }
  })
  store.put(thumbnails)
  store.close()
  return thumbnails.map(({ asset }) => asset)
}

/** A node's data folder whose log holds one month of `assets` rendered pictures. */
export async function seedMonth(dataDir: string, assets: number): Promise<void> {
  const identity = await openIdentity(dataDir)
  const store = await openCorestore(join(dataDir, 'store'), identity)
  const logs = await openLogs(store, identity)
  const operations = Array.from({ length: assets }, (_, i) => operationsOf(i)).flat()
  const clock = createHybridClock(Date.now)
  await logs.own.append(packFrames(operations, count => clock.next(count)).map(({ block }) => block))
  await logs.close()
  await store.close()
}

function operationsOf(i: number): Operation[] {
  const digest = digestOf(i)
  const sha256 = digest.toString('hex')
  const asset = sha256.slice(0, 32)
  const two = (value: number) => String(value).padStart(2, '0')
  const place = (length: number) => ({
    drive: DEVICE,
    pack: 'packs/0',
    offset: i * length,
    length,
    mime: 'image/webp',
    width: 480,
    height: 360,
  })
  return [
    {
      kind: 'asset.added',
      sha256,
      sha1: sha256.slice(0, 40),
      bytes: 5_000_000,
      mime: 'image/jpeg',
      type: 'photo',
      fileName: `IMG_${i}.JPG`,
    },
    {
      kind: 'asset.facts',
      asset,
      version: FACTS_VERSION,
      facts: {
        takenAt: `${MONTH}-${two(1 + (i % 31))}T${two(i % 24)}:${two(i % 60)}:${two(i % 59)}`,
        takenAtSource: 'metadata',
        timeZone: '+02:00',
        width: i % 3 === 0 ? 3024 : 4032,
        height: i % 3 === 0 ? 4032 : 3024,
        durationMs: null,
        latitude: 43.5,
        longitude: 11.9,
        make: 'Apple',
        model: 'iPhone 16 Pro',
        lens: null,
        iso: 100,
        fNumber: 2.8,
        exposure: '1/250',
        focalLengthMm: 50,
        rating: null,
        description: null,
        keywords: [],
        orientation: 1,
      },
    },
    {
      kind: 'asset.renditions',
      asset,
      version: 1,
      thumbhash: digest.subarray(0, 24).toString('base64'),
      thumbnail: place(15_000),
      preview: place(150_000),
    },
  ]
}

function digestOf(i: number): Buffer {
  return createHash('sha256').update(`asset ${i}`).digest()
}
