import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, test } from 'node:test'
import { logContract } from '../../tests/contracts/log.ts'
import { openCorestore, openLogs } from './index.ts'

const device = '12D3KooWHypercore'
const space = { id: 'ab'.repeat(32), key: new Uint8Array(32).fill(7) }
const identity = {
  deviceId: device,
  household: { ...space, genesis: new Uint8Array(), genesisSignature: new Uint8Array() },
  deriveSecret: () => new Uint8Array(32).fill(9),
}
const roomy = async () => ({ free: 1e12, total: 2e12 })
const bytes = (text: string) => new TextEncoder().encode(text)

let root = ''
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'homeroll-log-'))
})
after(() => rm(root, { recursive: true, force: true }))
const fresh = async () => join(await mkdtemp(join(root, 'store-')), 'store')

logContract('hypercore', device, async () => {
  const folder = await fresh()
  let full = false
  const open = async () => {
    const diskRoom = async () => ({ free: full ? 0 : 1e12, total: 2e12 })
    const store = await openCorestore(folder, identity, { diskRoom })
    return { store, logs: await openLogs(store, identity) }
  }
  let now = await open()
  const close = async () => {
    await now.logs.close()
    await now.store.close()
  }
  return {
    logs: now.logs,
    setFull: to => (full = to),
    reopen: async () => {
      await close()
      now = await open()
      return now.logs
    },
    close,
  }
})

test('a second opening of a store is refused, in this process and in another', async () => {
  const folder = await fresh()
  const store = await openCorestore(folder, identity)
  await assert.rejects(openCorestore(folder, identity), { code: 'data-folder-in-use' })
  const code = `
    const identity = { deriveSecret: () => new Uint8Array(32).fill(9) }
    import { openCorestore } from ${JSON.stringify(new URL('index.ts', import.meta.url).href)}
    await openCorestore(${JSON.stringify(folder)}, identity).catch(e => console.log(e.code))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await once(child, 'close')
  assert.equal(said.trim(), 'data-folder-in-use')
  await store.close()
  await (await openCorestore(folder, identity)).close()
})

test('a store of another key file, and a copied one, are refused and left alone', async () => {
  const folder = await fresh()
  await (await openCorestore(folder, identity)).close()
  await assert.rejects(openCorestore(folder, { deriveSecret: () => new Uint8Array(32) }), {
    code: 'store-of-another-device',
  })
  const copy = `${folder}-copy`
  await cp(folder, copy, { recursive: true, preserveTimestamps: true })
  await assert.rejects(openCorestore(copy, identity), { code: 'store-was-copied' })
  await (await openCorestore(folder, identity)).close()
})

test('a store whose tables are damaged is refused, and its write-ahead log stays', async () => {
  const folder = await fresh()
  await (await openCorestore(folder, identity)).close()
  const db = join(folder, 'db')
  const manifest = (await readdir(db)).find(name => name.startsWith('MANIFEST'))!
  await writeFile(join(db, manifest), 'rubbish')
  const before = await readdir(db)
  await assert.rejects(openCorestore(folder, identity), { code: 'store-damaged' })
  const logs = (names: string[]) => names.filter(name => /^\d+\.log$/.test(name))
  assert.deepEqual(logs(await readdir(db)), logs(before))
})

test('no other account can look into the store', { skip: process.platform === 'win32' }, async () => {
  const folder = await fresh()
  await (await openCorestore(folder, identity)).close()
  assert.equal((await stat(folder)).mode & 0o077, 0)
})

test('nothing in the store’s files shows what was appended, nor the space key', async () => {
  const folder = await fresh()
  const store = await openCorestore(folder, identity)
  const key = Uint8Array.from({ length: 32 }, (_, i) => i * 7 + 1)
  const logs = await openLogs(store, { ...identity, household: { ...identity.household, key } })
  const plain = 'Grandmother at the lake, summer 1974'
  for (let i = 0; i < 50; i++) await logs.own.append([bytes(`${plain} ${i} `.repeat(i * 3 + 1))])
  assert.match(Buffer.from(await logs.own.get(3)).toString(), /Grandmother/)
  await logs.close()
  await store.close()
  // Opening anew writes what was only in the write-ahead log into tables; these must not show it either.
  await (await openCorestore(folder, identity)).close()
  let files = 0
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const content = await readFile(join(entry.parentPath, entry.name))
    files++
    assert.equal(content.indexOf('Grandmother'), -1, entry.name)
    assert.equal(content.indexOf(Buffer.from(key)), -1, entry.name)
  }
  assert.ok(files > 5)
})

test('after a kill at any moment the log opens with every acknowledged block', async () => {
  const folder = await fresh()
  const code = `
    import { writeSync } from 'node:fs'
    const identity = { deviceId: 'd', household: { id: 'ab'.repeat(32), key: new Uint8Array(32).fill(7) }, deriveSecret: () => new Uint8Array(32).fill(9) }
    import { openCorestore, openLogs } from ${JSON.stringify(new URL('index.ts', import.meta.url).href)}
    const store = await openCorestore(${JSON.stringify(folder)}, identity)
    const { own } = await openLogs(store, identity)
    writeSync(1, 'ready\\n')
    for (;;) {
      const first = own.length
      const blocks = Array.from({ length: 1 + first % 3 }, (_, i) => Buffer.from('block ' + (first + i) + ' ' + 'x'.repeat((first * 997) % 20000)))
      writeSync(1, (await own.append(blocks)) + '\\n')
    }`
  let acknowledged = 0
  for (let round = 0; round < 10; round++) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
    let lines = 0
    for await (const line of createInterface({ input: child.stdout })) {
      if (line !== 'ready') acknowledged = Number(line)
      // Each round dies at another moment: the first as soon as the store is open, the others among their appends.
      if (++lines === 1) setTimeout(() => child.kill('SIGKILL'), round * 17)
    }
    const store = await openCorestore(folder, identity, { diskRoom: roomy })
    const logs = await openLogs(store, identity)
    assert.ok(logs.own.length >= acknowledged, `${logs.own.length} of ${acknowledged} acknowledged blocks`)
    let count = 0
    for await (const { seq, block } of logs.own.read()) {
      assert.match(Buffer.from(block).toString(), new RegExp(`^block ${seq} x*$`))
      count++
    }
    assert.equal(count, logs.own.length)
    await logs.close()
    await store.close()
  }
  assert.ok(acknowledged > 20, `only ${acknowledged} blocks in ten rounds`)
})
