// One device, end to end, through the commands and routes that scripts rely on.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type {
  AssetRecord,
  BucketColumns,
  ImportProgress,
  ImportResult,
  SearchHit,
  Status,
  Timeline,
} from '../../shared/schema/index.ts'
import { jpeg, place, seededRandom } from '../helpers/pictures.ts'
import { homeroll, startNode, temporaryFolder, type TestNode } from '../helpers/start-node.ts'

const folder = temporaryFolder('flow')
const random = seededRandom(5)
const data = join(folder.path, 'data')
const photos = join(folder.path, 'photos')
const originals = new Map<string, Buffer>()
let node: TestNode

before(async () => {
  for (let i = 0; i < 24; i++) {
    const name = `${2010 + (i % 3)}/IMG_${i % 12}.jpg`
    const description = i === 0 ? 'Grandma at the lighthouse' : undefined
    const bytes = await jpeg(random, {
      takenAt: `${2010 + (i % 3)}:0${1 + (i % 9)}:15 12:00:${10 + i}`,
      ...(description === undefined ? {} : { description }),
    })
    const path = join(photos, `${i < 12 ? 'a' : 'b'}`, name)
    place(path, bytes)
    utimesSync(path, new Date(2020, 1, 1), new Date(2020, 1, 1))
    originals.set(createHash('sha256').update(bytes).digest('hex'), bytes)
  }
  node = await startNode(data, ['--name', 'kitchen'])
})
after(async () => {
  await node.stop()
  await folder.remove()
})

async function json<T>(args: string[]): Promise<T> {
  const { code, stdout, stderr } = await homeroll([...args, '--data', data, '--json'])
  assert.equal(code, 0, stderr)
  return JSON.parse(stdout) as T
}

async function assets(): Promise<AssetRecord[]> {
  const { stdout } = await homeroll(['assets', '--data', data, '--json'])
  const lines = stdout.split('\n').filter(line => line !== '')
  return lines.map(line => JSON.parse(line) as AssetRecord)
}

test('a folder comes in as plain files by month, byte for byte, with an answer in JSON', async () => {
  const result = await json<ImportResult>(['import', photos])
  assert.deepEqual(result, { imported: 24, duplicates: 0, failed: [] })
  assert.deepEqual(await json(['idle', '--timeout', '60']), { idle: true })
  const files = readdirSync(join(data, 'originals'), { recursive: true, withFileTypes: true }).filter(e => e.isFile())
  assert.equal(files.length, 24)
  for (const file of files) {
    const path = join(file.parentPath, file.name)
    assert.match(path, /originals\/20\d\d\/20\d\d-\d\d\/IMG_\d+( \(\d+\))?\.jpg$/)
    assert.ok(originals.has(createHash('sha256').update(readFileSync(path)).digest('hex')))
  }
  assert.equal(statSync(join(data, 'api-token')).mode & 0o777, 0o600)
  assert.equal(statSync(join(data, 'keys')).mode & 0o777, 0o700)
})

test('again, nothing new comes in', async () => {
  assert.deepEqual(await json(['import', photos]), { imported: 0, duplicates: 24, failed: [] })
})

test('status, timeline and months agree', async () => {
  const status = await json<Status>(['status'])
  assert.equal(status.assets, 24)
  assert.equal(status.held, 24)
  assert.equal(status.device.name, 'kitchen')
  assert.deepEqual(status.jobs, { pending: 0, running: 0, failed: 0 })
  const timeline = await node.get<Timeline>('/timeline')
  assert.equal(timeline.total, 24)
  assert.equal(
    timeline.buckets.reduce((sum, { count }) => sum + count, 0),
    24,
  )
  const [newest] = timeline.buckets
  assert.ok(newest)
  const month = await node.get<BucketColumns>(`/timeline/${newest.bucket}`)
  assert.equal(month.id.length, newest.count)
  assert.ok(month.ready.every(Boolean))
  assert.ok(month.thumbhash.every(hash => typeof hash === 'string'))
})

test('what people change is shown at once, found by search, and survives a restart and a rebuilt index', async () => {
  const [first] = await json<SearchHit[]>(['search', 'lighthouse']).then(hit => [hit as unknown as SearchHit])
  assert.ok(first)
  assert.equal(first.description, 'Grandma at the lighthouse')
  assert.ok(first.why.length > 0)
  const ids = [first.id]
  await node.patch('/assets', {
    ids,
    set: { favourite: true, rating: 4, caption: 'Oma am Leuchtturm' },
    addTags: ['beach', 'family'],
  })
  await node.patch('/assets', { ids, removeTags: ['beach'], set: { takenAt: '1999-12-31T23:59:59' } })
  const changed = await node.get<AssetRecord>(`/assets/${first.id}`)
  assert.equal(changed.favourite, true)
  assert.equal(changed.rating, 4)
  assert.equal(changed.description, 'Oma am Leuchtturm')
  assert.deepEqual(changed.tags, ['family'])
  assert.equal(changed.takenAt, '1999-12-31T23:59:59')
  assert.equal((await node.get<Timeline>('/timeline')).buckets.at(-1)?.bucket, '1999-12')
  assert.equal((await node.get<Timeline>('/timeline?view=favourites')).total, 1)

  assert.equal(await node.stop(), 0)
  node = await startNode(data)
  assert.deepEqual(await node.get(`/assets/${first.id}`), changed)
  const before = (await assets()).map(asset => JSON.stringify(asset)).sort()
  assert.deepEqual(await json(['index', 'rebuild']), { assets: 24 })
  assert.deepEqual((await assets()).map(asset => JSON.stringify(asset)).sort(), before)
})

test('trash hides and restores', async () => {
  const ids = (await assets()).slice(0, 3).map(({ id }) => id)
  await node.patch('/assets', { ids, set: { trashed: true } })
  assert.equal((await node.get<Timeline>('/timeline')).total, 21)
  assert.equal((await node.get<Timeline>('/timeline?view=trash')).total, 3)
  await node.patch('/assets', { ids, set: { trashed: false } })
  assert.equal((await node.get<Timeline>('/timeline')).total, 24)
})

test('an upload is new once and a duplicate ever after', async () => {
  const bytes = await jpeg(random)
  const upload = async () => {
    const form = new FormData()
    form.set('file', new Blob([new Uint8Array(bytes)]), 'from phone.jpg')
    const headers = { authorization: `Bearer ${node.token}` }
    const response = await fetch(`${node.apiUrl}/assets`, { method: 'POST', body: form, headers })
    return { status: response.status, body: (await response.json()) as { id: string; status: string } }
  }
  const first = await upload()
  assert.equal(first.status, 201)
  assert.equal(first.body.status, 'new')
  assert.deepEqual(await upload(), { status: 200, body: { id: first.body.id, status: 'duplicate' } })
  assert.deepEqual(readdirSync(join(data, 'originals', '.uploads')), [])
})

test('an import that is stopped goes on where it was', async () => {
  const more = join(folder.path, 'more')
  for (let i = 0; i < 60; i++) {
    const path = join(more, `IMG_${i}.jpg`)
    place(path, await jpeg(random, { width: 640, height: 480 }))
    utimesSync(path, new Date(2020, 1, 1), new Date(2020, 1, 1))
  }
  const { id } = await node.post<ImportProgress>('/imports', { paths: [more], inPlace: false })
  const stopped = await node.post<ImportProgress>(`/imports/${id}/stop`)
  assert.equal(stopped.id, id)
  for (let i = 0; i < 100 && (await node.get<ImportProgress>(`/imports/${id}`)).state !== 'stopped'; i++)
    await sleep(50)
  const rest = await node.get<ImportProgress>(`/imports/${id}`)
  assert.equal(rest.state, 'stopped')
  assert.ok(rest.files.done < 60, `${rest.files.done} were done before it stopped`)
  // Also across a restart: a person stopped it, so it waits for a person.
  assert.equal(await node.stop(), 0)
  node = await startNode(data)
  assert.equal((await node.get<ImportProgress>(`/imports/${id}`)).state, 'stopped')
  await node.post(`/imports/${id}/resume`)
  for (let i = 0; i < 600 && (await node.get<ImportProgress>(`/imports/${id}`)).state !== 'done'; i++) await sleep(50)
  const done = await node.get<ImportProgress>(`/imports/${id}`)
  assert.equal(done.state, 'done')
  assert.equal(done.files.imported + done.files.duplicates, 60)
  assert.equal(done.files.failed, 0)
})

test('export writes plain files with sidecars that say what the family says, and again writes nothing', async () => {
  const out = join(folder.path, 'export')
  const count = (await assets()).length
  assert.deepEqual(await json(['export', out]), { exported: count, present: 0, failed: [] })
  assert.deepEqual(await json(['export', out]), { exported: 0, present: count, failed: [] })
  const moved = join(out, '1999', '1999-12')
  const [name] = readdirSync(moved).filter(file => file.endsWith('.jpg'))
  assert.ok(name)
  assert.ok(
    originals.has(
      createHash('sha256')
        .update(readFileSync(join(moved, name)))
        .digest('hex'),
    ),
  )
  const sidecar = readFileSync(join(moved, `${name}.xmp`), 'utf8')
  assert.match(sidecar, /xmp:Rating="4"/)
  assert.match(sidecar, /Oma am Leuchtturm/)
  assert.match(sidecar, /<rdf:li>family<\/rdf:li>/)
})

test('verify finds what a disk did to an original', async () => {
  const [asset] = await assets()
  assert.ok(asset)
  const files = readdirSync(join(data, 'originals'), { recursive: true, withFileTypes: true }).filter(e => e.isFile())
  const victim = files.map(file => join(file.parentPath, file.name)).find(path => statSync(path).size === asset.bytes)
  assert.ok(victim && existsSync(victim))
  const { writeFileSync } = await import('node:fs')
  const bytes = readFileSync(victim)
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
  writeFileSync(victim, bytes)
  const { code, stdout } = await homeroll(['verify', '--data', data, '--json'])
  assert.equal(code, 3)
  const result = JSON.parse(stdout) as { corrupt: { path: string }[] }
  assert.equal(result.corrupt.length, 1)
})
