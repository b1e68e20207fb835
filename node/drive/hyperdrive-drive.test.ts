import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, test } from 'node:test'
import { driveContract } from '../../tests/contracts/drive.ts'
import { openCorestore } from '../log/index.ts'
import { openHyperdrive, type PackPlace } from './index.ts'

const household = {
  id: 'cd'.repeat(32),
  key: Uint8Array.from({ length: 32 }, (_, i) => i * 5 + 3),
  genesis: new Uint8Array(),
  genesisSignature: new Uint8Array(),
}
const identity = { household, deriveSecret: () => new Uint8Array(32).fill(9) }

let root = ''
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'homeroll-drive-'))
})
after(() => rm(root, { recursive: true, force: true }))
const fresh = async () => join(await mkdtemp(join(root, 'store-')), 'store')

driveContract('hyperdrive', async () => {
  const folder = await fresh()
  let full = false
  const open = async () => {
    const diskRoom = async () => ({ free: full ? 0 : 1e12, total: 2e12 })
    const store = await openCorestore(folder, identity, { diskRoom })
    return { store, drive: await openHyperdrive(store, identity) }
  }
  let now = await open()
  const close = async () => {
    await now.drive.close()
    await now.store.close()
  }
  return {
    drive: now.drive,
    setFull: to => (full = to),
    reopen: async () => {
      await close()
      now = await open()
      return now.drive
    },
    close,
  }
})

test('nothing in the store’s files shows a rendition, a pack’s name, or the space key', async () => {
  const folder = await fresh()
  const plain = 'Grandmother at the lake, summer 1974'
  const small = Buffer.from(plain)
  const large = Buffer.from(`${plain} `.repeat(40_000))
  let store = await openCorestore(folder, identity)
  let drive = await openHyperdrive(store, identity)
  const places = await drive.putPack([small, large])
  await drive.close()
  await store.close()
  // Opening anew writes what was only in the write-ahead log into tables; these must not show it either.
  store = await openCorestore(folder, identity)
  drive = await openHyperdrive(store, identity)
  assert.equal(Buffer.compare((await drive.get(places[1]!))!, large), 0)
  await drive.close()
  await store.close()
  let files = 0
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const content = await readFile(join(entry.parentPath, entry.name))
    files++
    for (const secret of ['Grandmother', places[0]!.pack.slice(6), Buffer.from(household.key)]) {
      assert.equal(content.indexOf(secret), -1, `${entry.name} shows ${secret.toString()}`)
    }
  }
  assert.ok(files > 5)
})

test('a drive of another space key reads nothing', async () => {
  const folder = await fresh()
  let store = await openCorestore(folder, identity)
  let drive = await openHyperdrive(store, identity)
  const [place] = await drive.putPack([Buffer.from('Grandmother at the lake')])
  await drive.close()
  await store.close()
  store = await openCorestore(folder, identity)
  const stranger = { household: { ...household, key: new Uint8Array(32) } }
  const read = await openHyperdrive(store, stranger).then(
    async other => (drive = other).get(place!),
    () => null,
  )
  assert.ok(read === null || !Buffer.from(read).toString().includes('Grandmother'))
  await store.close()
})

test('after a kill at any moment every acknowledged pack is whole, and names are not used again', async () => {
  const folder = await fresh()
  const code = `
    import { writeSync } from 'node:fs'
    import { openCorestore } from ${JSON.stringify(new URL('../log/index.ts', import.meta.url).href)}
    import { openHyperdrive } from ${JSON.stringify(new URL('index.ts', import.meta.url).href)}
    const identity = { household: { id: 'cd'.repeat(32), key: Uint8Array.from({ length: 32 }, (_, i) => i * 5 + 3) }, deriveSecret: () => new Uint8Array(32).fill(9) }
    const store = await openCorestore(${JSON.stringify(folder)}, identity)
    const drive = await openHyperdrive(store, identity)
    writeSync(1, '[]\\n')
    for (let n = 0; ; n++) {
      const pieces = [15_000, 300_000, 1_100_000 + n].map(length => new Uint8Array(length).fill(length & 255))
      writeSync(1, JSON.stringify(await drive.putPack(pieces)) + '\\n')
    }`
  const acknowledged: PackPlace[] = []
  for (let round = 0; round < 8; round++) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
    let lines = 0
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged.push(...(JSON.parse(line) as PackPlace[]))
      if (++lines === 1) setTimeout(() => child.kill('SIGKILL'), round * 13)
    }
  }
  const store = await openCorestore(folder, identity)
  const drive = await openHyperdrive(store, identity)
  for (const place of acknowledged) {
    const bytes = await drive.get(place)
    assert.ok(
      bytes?.every(byte => byte === (place.length & 255)),
      JSON.stringify(place),
    )
  }
  const names = acknowledged.filter(({ offset }) => offset === 0).map(({ pack }) => pack)
  assert.equal(new Set(names).size, names.length)
  assert.ok((await drive.stats()).packs >= names.length)
  assert.ok(names.length > 3, `only ${names.length} packs in eight rounds`)
  await drive.close()
  await store.close()
})
