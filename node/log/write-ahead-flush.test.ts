import assert from 'node:assert/strict'
import { appendFile, mkdtemp, open, readdir, rm, stat, unlink, writeFile, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openCorestore, openLogs } from './index.ts'
import { WriteAheadFlush } from './write-ahead-flush.ts'

/** By inode: how long a file was when it was last flushed. */
const flushed = new Map<number, number>()
let fault: Error | null = null
let root = ''
let restore = () => undefined as void

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'homeroll-flush-'))
  // Every flush in this process is seen: the power cut itself cannot be tested, that nothing is left unflushed can.
  const probe = await open(join(root, 'probe'), 'w')
  const prototype = Object.getPrototypeOf(probe) as { datasync(this: FileHandle): Promise<void> }
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this` below
  const real = prototype.datasync
  await probe.close()
  prototype.datasync = async function (this: FileHandle) {
    const { ino, size } = await this.stat()
    if (fault) throw fault
    await real.call(this)
    flushed.set(ino, size)
  }
  restore = () => void (prototype.datasync = real)
})
after(async () => {
  restore()
  await rm(root, { recursive: true, force: true })
})

/** Write-ahead logs of a store whose end was not flushed. */
async function unflushed(db: string): Promise<string[]> {
  const found: string[] = []
  for (const name of await readdir(db)) {
    if (!name.endsWith('.log')) continue
    const seen = await stat(join(db, name)).catch(() => null)
    if (seen && seen.size > (flushed.get(seen.ino) ?? 0))
      found.push(`${name}: ${flushed.get(seen.ino)} of ${seen.size}`)
  }
  return found
}

const identity = {
  deviceId: 'd',
  household: {
    id: 'ab'.repeat(32),
    key: new Uint8Array(32).fill(7),
    genesis: new Uint8Array(),
    genesisSignature: new Uint8Array(),
  },
  deriveSecret: () => new Uint8Array(32).fill(9),
}

test('an append resolves when the write-ahead log is flushed to its end, also when a new one begins', async () => {
  const folder = join(root, 'store')
  const store = await openCorestore(folder, identity)
  const logs = await openLogs(store, identity)
  const names = new Set<string>()
  // More than the store's table in memory, so that write-ahead logs come and go.
  for (let i = 0; i < 220; i++) {
    await logs.own.append([new Uint8Array(200_000).fill(i)])
    assert.deepEqual(await unflushed(join(folder, 'db')), [])
    for (const name of await readdir(join(folder, 'db'))) if (name.endsWith('.log')) names.add(name)
  }
  assert.ok(names.size > 1, 'no second write-ahead log was begun')
  await logs.close()
  await store.close()
})

test('after a failed flush nothing more is taken, and what failed does not count', async () => {
  const store = await openCorestore(join(root, 'failing'), identity)
  const logs = await openLogs(store, identity)
  await logs.own.append([Uint8Array.of(1)])
  fault = Object.assign(new Error('the disk went away'), { code: 'EIO' })
  await assert.rejects(logs.own.append([Uint8Array.of(2)]), { code: 'store-write-failed' })
  fault = null
  assert.equal(logs.own.length, 1)
  await assert.rejects(logs.own.append([Uint8Array.of(3)]), { code: 'store-write-failed' })
  assert.equal(logs.own.length, 1)
  await assert.rejects(logs.own.get(1), { code: 'no-such-block' })
  await logs.close()
  await store.close()
})

test('a log that is written to no more is flushed once, one that is gone is let go, calls at once share', async () => {
  const folder = await mkdtemp(join(root, 'db-'))
  const [one, two] = [join(folder, '000004.log'), join(folder, '000012.log')]
  const flush = new WriteAheadFlush(folder)
  await writeFile(one, 'abc')
  await writeFile(join(folder, 'LOG'), 'not one of them')
  await flush.flush()
  const { ino } = await stat(one)
  assert.equal(flushed.get(ino), 3)
  await appendFile(one, 'def')
  await writeFile(two, 'x')
  await flush.flush()
  assert.equal(flushed.get(ino), 6)
  assert.equal(flushed.get((await stat(two)).ino), 1)
  flushed.delete(ino)
  await appendFile(two, 'y')
  await Promise.all(Array.from({ length: 20 }, () => flush.flush()))
  assert.equal(flushed.has(ino), false)
  assert.equal(flushed.get((await stat(two)).ino), 2)
  await unlink(one)
  await unlink(two)
  await flush.flush()
  await flush.close()
})
