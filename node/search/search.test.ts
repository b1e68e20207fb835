import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import type { Operation } from '../../shared/schema/index.ts'
import { createCatalogue } from '../catalogue/index.ts'
import { openIndex, type AssetIndex } from '../index/index.ts'
import { createMemoryLogs, packFrames } from '../log/index.ts'

interface Sample {
  fileName: string
  takenAt: string
  caption?: string
  tags?: string[]
  camera?: [make: string, model: string, lens: string]
  video?: boolean
  favourite?: boolean
  trashed?: boolean
}

const samples: Sample[] = [
  { fileName: 'IMG_0001.JPG', takenAt: '2019-07-14T10:00:00', caption: 'Grandma at the beach' },
  { fileName: 'beach.jpg', takenAt: '2021-01-02T10:00:00' },
  { fileName: 'IMG_0003.JPG', takenAt: '2019-08-01T10:00:00', tags: ['Beach', 'Été'], favourite: true },
  { fileName: 'MOV_0004.MOV', takenAt: '2020-07-01T10:00:00', video: true, camera: ['Canon', 'EOS R5', 'RF 50mm'] },
  { fileName: 'old beach.jpg', takenAt: '2018-01-01T10:00:00', trashed: true },
  { fileName: 'IMG_2019.JPG', takenAt: '2005-03-03T10:00:00', caption: 'the beach of Grandma' },
]
const idOf = (n: number) => String(n).repeat(32)

function operationsOf(sample: Sample, n: number): Operation[] {
  const asset = idOf(n)
  const [make, model, lens] = sample.camera ?? [null, null, null]
  const operations: Operation[] = [
    {
      kind: 'asset.added',
      sha256: String(n).repeat(64),
      sha1: '11'.repeat(20),
      bytes: 1,
      mime: sample.video ? 'video/quicktime' : 'image/jpeg',
      type: sample.video ? 'video' : 'photo',
      fileName: sample.fileName,
    },
    {
      kind: 'asset.facts',
      asset,
      version: 1,
      facts: {
        takenAt: sample.takenAt,
        takenAtSource: 'metadata',
        timeZone: null,
        width: 1,
        height: 1,
        durationMs: null,
        latitude: null,
        longitude: null,
        make,
        model,
        lens,
        iso: null,
        fNumber: null,
        exposure: null,
        focalLengthMm: null,
        rating: null,
        description: null,
        keywords: sample.tags ?? [],
        orientation: 1,
      },
    },
  ]
  if (sample.caption) operations.push({ kind: 'asset.set', asset, change: { field: 'caption', value: sample.caption } })
  for (const field of ['favourite', 'trashed'] as const)
    if (sample[field]) operations.push({ kind: 'asset.set', asset, change: { field, value: true } })
  return operations
}

describe('searching', () => {
  let folder: string
  let index: AssetIndex
  let commit: (operations: Operation[]) => Promise<void>
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'homeroll-search-'))
    const file = join(folder, 'index.sqlite')
    index = await openIndex({ file, ownDevice: 'own', renditionVersion: 1, factsVersion: 1 })
    const now = () => 1_780_000_000_000
    const catalogue = createCatalogue({ logs: createMemoryLogs('own'), projection: index, pack: packFrames, now })
    commit = operations => catalogue.commit(operations)
    await commit(samples.flatMap(operationsOf))
  })
  after(async () => {
    await index.close()
    rmSync(folder, { recursive: true })
  })

  const names = async (query: string) => (await index.search(query, 10)).map(({ fileName }) => fileName)

  test('finds by caption, tag, file name, camera and date, and says why', async () => {
    const hits = await index.search('beach', 10)
    assert.deepEqual(
      hits.map(({ fileName, why }) => [fileName, why]),
      [
        ['IMG_0003.JPG', ['tag']],
        ['IMG_0001.JPG', ['caption']],
        ['IMG_2019.JPG', ['caption']],
        ['beach.jpg', ['file name']],
      ],
    )
    assert.ok(hits.every(({ score }, i) => i === 0 || score <= (hits[i - 1]?.score ?? 0)))
    assert.deepEqual((await index.search('canon r5', 10))[0]?.why, ['camera'])
    assert.deepEqual(await names('rf 50mm'), ['MOV_0004.MOV'])
    assert.deepEqual(await names('img_0001'), ['IMG_0001.JPG'])
  })

  test('all words must match; words side by side come first', async () => {
    assert.deepEqual(await names('grandma beach'), ['IMG_0001.JPG', 'IMG_2019.JPG'])
    assert.deepEqual((await names('beach of grandma'))[0], 'IMG_2019.JPG')
    assert.deepEqual(await names('grandma canon'), [])
  })

  test('knows accents, beginnings of words, years, months and filters', async () => {
    assert.deepEqual(await names('ete'), ['IMG_0003.JPG'])
    assert.deepEqual(await names('grandm'), ['IMG_0001.JPG', 'IMG_2019.JPG'])
    assert.deepEqual(await names('2019'), ['IMG_2019.JPG', 'IMG_0003.JPG', 'IMG_0001.JPG'])
    assert.deepEqual(await names('2019-07'), ['IMG_0001.JPG'])
    assert.deepEqual(await names('july 2020'), ['MOV_0004.MOV'])
    assert.deepEqual(await names('type:video'), ['MOV_0004.MOV'])
    assert.deepEqual(await names('fav beach'), ['IMG_0003.JPG'])
  })

  test('follows every change, and leaves out what is in the trash', async () => {
    assert.deepEqual(await names('old'), [])
    const asset = idOf(4)
    await commit([
      { kind: 'asset.set', asset, change: { field: 'trashed', value: false } },
      { kind: 'asset.set', asset, change: { field: 'caption', value: 'Lighthouse' } },
    ])
    assert.deepEqual(await names('old'), ['old beach.jpg'])
    assert.deepEqual(await names('lighthouse'), ['old beach.jpg'])
    await commit([{ kind: 'asset.set', asset, change: { field: 'caption', value: null } }])
    assert.deepEqual(await names('lighthouse'), [])
    await commit([{ kind: 'asset.set', asset, change: { field: 'trashed', value: true } }])
  })

  test('any text is a query', async () => {
    const nasty = [
      '"',
      "'",
      'a*',
      '*',
      'NEAR(a b)',
      'AND',
      'a OR',
      'words:x',
      '^a',
      '-a',
      '{a}',
      'a"b',
      '(',
      '\0',
      '\ue000x',
      '',
      '💥',
    ]
    for (const text of nasty) await index.search(text, 10)
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 80 }), async text => {
        await index.search(text, 10)
      }),
      { numRuns: 300 },
    )
    assert.equal((await index.search('beach', 1)).length, 1)
    assert.equal((await index.search('beach', Number.NaN)).length, 1)
  })
})
