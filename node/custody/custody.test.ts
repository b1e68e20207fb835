import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { after, test } from 'node:test'
import { assetIdOf, fromHex, toHex } from '../../shared/ids/index.ts'
import type { AssetRecord, Operation } from '../../shared/schema/index.ts'
import type { OriginalStore, Verdict } from '../originals/index.ts'
import { exportTo } from './export.ts'
import { scrub } from './scrub.ts'
import { xmpSidecar } from './sidecar.ts'

const root = mkdtempSync(join(tmpdir(), 'homeroll-custody-'))
after(() => rmSync(root, { recursive: true, force: true }))
const hash = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex')

function asset(content: string, rest: Partial<AssetRecord> = {}): AssetRecord {
  return {
    id: assetIdOf(fromHex(hash(content))),
    sha256: hash(content),
    fileName: 'IMG_1.jpg',
    bytes: content.length,
    takenAt: '2019-07-31T18:05:12',
    timeZone: '+02:00',
    latitude: null,
    longitude: null,
    rating: null,
    favourite: false,
    description: null,
    tags: [],
    trashed: false,
    ...rest,
  } as AssetRecord
}

function exportParts(assets: AssetRecord[], contents: string[], avoid: string[] = []) {
  const files = new Map(contents.map(content => [hash(content), content]))
  return {
    assets: Readable.from(assets) as AsyncIterable<AssetRecord>,
    originals: {
      pathOf: async () => null,
      get: async (sha256: Uint8Array) => {
        const content = files.get(toHex(sha256))
        return content === undefined ? null : Readable.from([Buffer.from(content)])
      },
    },
    hasher: {
      async sha256File(path: string) {
        const bytes = readFileSync(path)
        return { outcome: 'hashed' as const, sha256: fromHex(hash(bytes)), bytes: bytes.length, modifiedMs: 0 }
      },
    },
    avoid,
  }
}
const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => entry.name)
    .sort()

test('a sidecar says what the family says, and no text can break out of it', () => {
  const hostile = `"/><x:evil a='&]]>\u0000\u001b\u{1F30A}`
  const text = xmpSidecar(
    asset('x', { description: hostile, tags: [hostile, 'a & b'], takenAt: '2019-07-31T18:05:12', favourite: true }),
  )
  assert.ok(!text.includes('<x:evil'))
  assert.ok(!/[\u0000-\u0008\u001b]/.test(text))
  assert.ok(text.includes('&quot;/&gt;&lt;x:evil a=&apos;&amp;]]&gt;\u{1F30A}'))
  assert.ok(text.includes('<rdf:li>a &amp; b</rdf:li>'))
  assert.match(text, /xmp:Rating="5"/)
  assert.match(text, /exif:DateTimeOriginal="2019-07-31T18:05:12\+02:00"/)
  assert.ok(!/DateTimeOriginal="[^"]*"[^"]*evil/.test(xmpSidecar(asset('x', { timeZone: '"><evil>' }))))
  assert.match(xmpSidecar(asset('x', { latitude: -48.8584, longitude: 2.2945 })), /"48,51\.504000S"[^]*"2,17\.670000E"/)
})

test('an export resolves names, leaves the trash, can be repeated, and never replaces what others wrote', async () => {
  const out = join(root, 'out')
  const assets = [asset('one'), asset('two'), asset('gone', { trashed: true }), asset('lost', { fileName: 'lost.jpg' })]
  const first = await exportTo(out, exportParts(assets, ['one', 'two']))
  assert.deepEqual([first.exported, first.present, first.failed.map(({ code }) => code)], [2, 0, ['not-held']])
  const month = join(out, '2019', '2019-07')
  assert.deepEqual(filesIn(out), ['IMG_1 (2).jpg', 'IMG_1 (2).jpg.xmp', 'IMG_1.jpg', 'IMG_1.jpg.xmp'])
  writeFileSync(join(month, 'IMG_1.jpg.xmp'), 'written by another program')
  const again = await exportTo(out, exportParts(assets.slice(0, 2), []))
  assert.deepEqual([again.exported, again.present, again.failed], [0, 2, []])
  assert.equal(readFileSync(join(month, 'IMG_1.jpg.xmp'), 'utf8'), 'written by another program')
  writeFileSync(join(month, 'IMG_1.jpg'), 'two changed by a person')
  await exportTo(out, exportParts([asset('one')], ['one']))
  assert.equal(readFileSync(join(month, 'IMG_1.jpg'), 'utf8'), 'two changed by a person')
  assert.equal(readFileSync(join(month, 'IMG_1 (3).jpg'), 'utf8'), 'one')
})

test('an original that does not hold what it should is not exported, and one that nobody may write is', async () => {
  const out = join(root, 'wrong')
  const parts = exportParts([asset('good')], [])
  const rotten = await exportTo(out, {
    ...parts,
    originals: { ...parts.originals, get: async () => Readable.from([Buffer.from('evil')]) },
  })
  assert.deepEqual(
    rotten.failed.map(({ code }) => code),
    ['corrupt'],
  )
  assert.deepEqual(filesIn(out), [])
  const locked = join(root, 'locked.jpg')
  writeFileSync(locked, 'good')
  chmodSync(locked, 0o444)
  const fine = exportParts([asset('good')], [])
  const result = await exportTo(out, { ...fine, originals: { ...fine.originals, pathOf: async () => locked } })
  assert.equal(result.exported, 1)
})

test('nothing is exported into our own data, also not through a link', async () => {
  const own = join(root, 'own')
  mkdirSync(own)
  symlinkSync(own, join(root, 'link'))
  for (const target of [own, join(own, 'a', 'b'), join(root, 'link', 'c')]) {
    await assert.rejects(exportTo(target, exportParts([], [], [own])), { code: 'inside-data' })
  }
  await assert.rejects(exportTo('out', exportParts([], [])), { code: 'bad-path' })
})

/** A store of contents with the verdict that each gets; putting one in mends it. */
function store(verdicts: Record<string, Verdict>): OriginalStore {
  return {
    async *list() {
      for (const content of Object.keys(verdicts)) {
        yield { sha256: fromHex(hash(content)), bytes: content.length, path: `/o/2019/2019-07/${content}.jpg` }
      }
    },
    has: async (sha256: Uint8Array) => Object.keys(verdicts).some(content => hash(content) === toHex(sha256)),
    verify: async (sha256: Uint8Array) =>
      Object.entries(verdicts).find(([content]) => hash(content) === toHex(sha256))?.[1] ?? 'missing',
    get: async () => Readable.from([Buffer.from('x')]),
    async put(_source: unknown, expected: { sha256: Uint8Array }) {
      for (const content of Object.keys(verdicts)) {
        if (hash(content) === toHex(expected.sha256)) verdicts[content] = 'intact'
      }
      return { outcome: 'stored', path: null }
    },
  } as unknown as OriginalStore
}

async function scrubbed(
  stores: OriginalStore[],
  repair: boolean,
  said: (sha256: string) => boolean | null = () => true,
) {
  const told: string[] = []
  const absences = new Set<string>()
  const result = await scrub(
    {
      stores,
      async commit(operations: Operation[]) {
        for (const operation of operations)
          if (operation.kind === 'original.custody') told.push(`${operation.state} ${operation.asset}`)
      },
      saidHeld: async sha256s => sha256s.map(said),
      absences: { add: id => absences.add(id), remove: id => absences.delete(id) },
    },
    repair,
  )
  return { result, told, absences }
}
const id = (content: string) => assetIdOf(fromHex(hash(content)))

test('scrubbing tells what is corrupt or missing, what is here after all, and nothing else', async () => {
  const { result, told, absences } = await scrubbed(
    [store({ fine: 'intact', back: 'intact', bad: 'corrupt', gone: 'missing' })],
    false,
    sha256 => sha256 !== hash('back'),
  )
  assert.deepEqual([result.checked, result.corrupt.length, result.missing.length, result.repaired], [4, 1, 1, 0])
  assert.deepEqual(told, [`held ${id('back')}`, `corrupt ${id('bad')}`, `absent ${id('gone')}`])
  assert.deepEqual([...absences], [id('bad'), id('gone')])
})

test('repair mends from another store of this device, and only what one has whole', async () => {
  const copies = { a: 'corrupt', b: 'corrupt' } as Record<string, Verdict>
  const { result, told } = await scrubbed([store(copies), store({ a: 'intact', b: 'corrupt' })], true)
  assert.equal(result.repaired, 1)
  assert.equal(copies.a, 'intact')
  assert.equal(copies.b, 'corrupt')
  assert.deepEqual(
    result.corrupt.map(({ id: corrupt }) => corrupt),
    [id('b'), id('b')],
  )
  assert.ok(told.includes(`held ${id('a')}`))
  const without = await scrubbed([store({ a: 'corrupt' }), store({ a: 'intact' })], false)
  assert.deepEqual([without.result.corrupt.length, without.told], [1, []], 'held elsewhere, so not told as lost')
})
