// A node is killed with SIGKILL at random moments of imports and uploads, again and again, on one data folder.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AssetRecord, ImportProgress } from '../../shared/schema/index.ts'
import { jpeg, place, seededRandom } from '../helpers/pictures.ts'
import { homeroll, startNode, temporaryFolder, type TestNode } from '../helpers/start-node.ts'

const KILLS = 50
const FILES_A_ROUND = 5
const seed = Number(process.env.SEED ?? Date.now() % 1e9)
const folder = temporaryFolder('kill')
after(() => folder.remove())

const data = join(folder.path, 'data')
const source = join(folder.path, 'photos')
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
/** Acknowledged originals: id to SHA-256. */
const acknowledged = new Map<string, string>()

async function assetsOf(node: TestNode): Promise<AssetRecord[]> {
  const response = await fetch(`${node.apiUrl}/assets`, { headers: { authorization: `Bearer ${node.token}` } })
  const text = await response.text()
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as AssetRecord)
}

async function bytesOf(node: TestNode, path: string): Promise<Buffer> {
  const response = await fetch(node.apiUrl + path, { headers: { authorization: `Bearer ${node.token}` } })
  assert.equal(response.status, 200, `${path} after a kill (seed ${seed})`)
  return Buffer.from(await response.arrayBuffer())
}

async function upload(node: TestNode, bytes: Buffer, name: string): Promise<void> {
  const form = new FormData()
  form.set('file', new Blob([new Uint8Array(bytes)]), name)
  try {
    const response = await fetch(`${node.apiUrl}/assets`, {
      method: 'POST',
      body: form,
      headers: { authorization: `Bearer ${node.token}` },
    })
    const { id } = (await response.json()) as { id: string }
    // From here on it must never be lost.
    if (response.status === 201) acknowledged.set(id, sha256(bytes))
  } catch {
    // Killed before it answered: nothing was promised.
  }
}

/** Everything the node says must agree with everything it holds. */
async function agree(node: TestNode): Promise<void> {
  const assets = await assetsOf(node)
  const byId = new Map(assets.map(asset => [asset.id, asset]))
  for (const [id, hash] of acknowledged) {
    assert.equal(byId.get(id)?.sha256, hash, `acknowledged ${id} is in the catalogue (seed ${seed})`)
  }
  const left = [...assets]
  const check = async () => {
    for (let asset = left.pop(); asset; asset = left.pop()) {
      const { id, state, sha256: hash } = asset
      assert.equal(sha256(await bytesOf(node, `/assets/${id}/original`)), hash, `${id} reads back (seed ${seed})`)
      // What the catalogue shows was in the log, and is a promise from now on.
      acknowledged.set(id, hash)
      if (state !== 'ready') continue
      assert.ok((await bytesOf(node, `/assets/${id}/preview`)).length > 0)
      assert.ok((await bytesOf(node, `/assets/${id}/thumbnail`)).length > 0)
    }
  }
  await Promise.all(Array.from({ length: 8 }, check))
}

test(`${KILLS} kills lose nothing that was acknowledged, and the import goes on (seed ${seed})`, async t => {
  let unfinished = 0
  let amidst = 0
  let uploading = 0
  const random = seededRandom(seed)
  for (let round = 0; round < KILLS; round++) {
    for (let i = 0; i < FILES_A_ROUND; i++) {
      const path = join(source, `round-${round}`, `IMG_${i}.jpg`)
      place(path, await jpeg(random, { takenAt: `20${10 + (round % 10)}:0${1 + (i % 9)}:11 10:11:12` }))
      // In the past, so that nobody takes it for a file that still grows.
      utimesSync(path, new Date(2020, 1, 1), new Date(2020, 1, 1))
    }
    const node = await startNode(data)
    await agree(node)
    const { id } = await node.post<ImportProgress>('/imports', {
      paths: [join(source, `round-${round}`)],
      inPlace: false,
    })
    assert.ok(id)
    let answered = 0
    const uploads = [
      upload(node, await jpeg(random), `upload-${round}-a.jpg`),
      upload(node, await jpeg(random), 'b.jpg'),
    ]
    for (const one of uploads) void one.then(() => answered++)
    await sleep(random() * 900)
    const { state, files } = await node.get<ImportProgress>(`/imports/${id}`)
    if (state !== 'done') unfinished++
    if (files.done < FILES_A_ROUND) amidst++
    if (answered < uploads.length) uploading++
    await node.stop('SIGKILL')
    await Promise.all(uploads)
  }
  t.diagnostic(
    `of ${KILLS} kills ${unfinished} hit an unfinished import (${amidst} while files were still taken in), ${uploading} an upload`,
  )
  assert.ok(unfinished > KILLS / 4, 'the kills land in the middle of work')

  const node = await startNode(data)
  assert.equal((await node.get<{ idle: boolean }>('/idle?timeout=120')).idle, true)
  await agree(node)

  const assets = await assetsOf(node)
  const held = new Set(assets.map(asset => asset.sha256))
  for (let round = 0; round < KILLS; round++) {
    for (let i = 0; i < FILES_A_ROUND; i++) {
      const bytes = readFileSync(join(source, `round-${round}`, `IMG_${i}.jpg`))
      assert.ok(
        held.has(sha256(bytes)),
        `round ${round}, file ${i} came in without being asked for again (seed ${seed})`,
      )
    }
  }
  assert.ok(
    assets.every(asset => asset.state === 'ready'),
    'every picture was made in the end',
  )

  // No second copy, no leftovers: as many files as assets.
  const files = readdirSync(join(data, 'originals'), { recursive: true, withFileTypes: true }).filter(e => e.isFile())
  assert.equal(files.length, assets.length, files.map(file => file.name).join(' '))

  // The index says what the log says.
  const before = assets.map(asset => JSON.stringify(asset)).sort()
  await node.post('/index/rebuild')
  assert.deepEqual((await assetsOf(node)).map(asset => JSON.stringify(asset)).sort(), before)
  assert.equal(await node.stop(), 0)

  const verified = await homeroll(['verify', '--data', data, '--json'])
  assert.equal(verified.code, 0, verified.stderr)
  assert.deepEqual(JSON.parse(verified.stdout), { checked: assets.length, corrupt: [], repaired: 0, missing: [] })
})
