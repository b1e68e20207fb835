import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { appendFile, mkdtemp, open, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { bytesOf } from '../../tests/contracts/original-store.ts'
import { createHasher } from './hasher.ts'

async function setUp(t: TestContext, threads: number) {
  const folder = await mkdtemp(join(tmpdir(), 'homeroll-hasher-'))
  const hasher = createHasher({ threads })
  t.after(async () => {
    await hasher.close()
    await rm(folder, { recursive: true })
  })
  const give = async (name: string, bytes: Uint8Array) => {
    const path = join(folder, name)
    await writeFile(path, bytes)
    return path
  }
  /** A file of zeros that takes seconds to read and no room. */
  const sparse = async (name: string) => {
    const path = await give(name, new Uint8Array(0))
    const file = await open(path, 'r+')
    await file.truncate(20 * 1024 ** 3)
    await file.close()
    return path
  }
  return { hasher, folder, give, sparse }
}

const hexOf = (algorithm: string, bytes: Uint8Array) => createHash(algorithm).update(bytes).digest('hex')

test('both hashes, size and time of files of every length around the buffer', async t => {
  const { hasher, give } = await setUp(t, 3)
  const lengths = [0, 1, 1024 * 1024 - 1, 1024 * 1024, 1024 * 1024 + 1, 5_000_000]
  await Promise.all(
    lengths.map(async length => {
      const bytes = bytesOf(`hash ${length}`, length)
      const path = await give(String(length), bytes)
      await utimes(path, 1_700_000_000.1234, 1_700_000_000.1234)
      const hash = await hasher.hashFile(path)
      assert.ok(hash.outcome === 'hashed')
      assert.equal(Buffer.from(hash.sha256).toString('hex'), hexOf('sha256', bytes))
      assert.equal(Buffer.from(hash.sha1).toString('hex'), hexOf('sha1', bytes))
      assert.equal(hash.bytes, length)
      assert.equal(hash.modifiedMs, Math.floor((await stat(path)).mtimeMs))
      const short = await hasher.sha256File(path)
      assert.ok(short.outcome === 'hashed')
      assert.equal(Buffer.from(short.sha256).toString('hex'), hexOf('sha256', bytes))
    }),
  )
})

test('a file that changes while it is read is changed, not wrong', async t => {
  const { hasher, give, sparse } = await setUp(t, 1)
  const growing = await sparse('growing')
  let grown = false
  const onProgress = (bytes: number) => {
    // Not before its first bytes were read: the thread may still be starting.
    if (grown || bytes === 0) return
    grown = true
    void appendFile(growing, 'more')
  }
  assert.deepEqual(await hasher.hashFile(growing, { onProgress }), { outcome: 'changed' })
  assert.equal(grown, true)
  const rested = await give('rested', bytesOf('rested', 10))
  assert.equal((await hasher.hashFile(rested)).outcome, 'hashed')
})

test('an abort ends a hash under way and frees its thread', async t => {
  const { hasher, give, sparse } = await setUp(t, 1)
  const abort = new AbortController()
  const heard: number[] = []
  const onProgress = (bytes: number) => {
    heard.push(bytes)
    if (bytes > 0) abort.abort()
  }
  const path = await sparse('long')
  await assert.rejects(hasher.hashFile(path, { signal: abort.signal, onProgress }), { name: 'AbortError' })
  const reached = heard.at(-1) ?? 0
  assert.ok(reached > 0 && reached < 20 * 1024 ** 3)
  // The only thread answers again.
  const bytes = bytesOf('after', 100)
  const hash = await hasher.hashFile(await give('after', bytes))
  assert.ok(hash.outcome === 'hashed' && Buffer.from(hash.sha256).equals(createHash('sha256').update(bytes).digest()))
})

test('an abort while waiting takes the file out of the queue', async t => {
  const { hasher, give, sparse } = await setUp(t, 1)
  const first = new AbortController()
  const running = hasher.hashFile(await sparse('long'), { signal: first.signal })
  const second = new AbortController()
  const waiting = hasher.hashFile(await give('waiting', bytesOf('w', 10)), { signal: second.signal })
  second.abort()
  await assert.rejects(waiting, { name: 'AbortError' })
  first.abort()
  await assert.rejects(running, { name: 'AbortError' })
})

test('what cannot be read says why', async t => {
  const { hasher, folder } = await setUp(t, 1)
  await assert.rejects(hasher.hashFile(join(folder, 'absent')), { code: 'source-missing' })
  await assert.rejects(hasher.hashFile(folder), { code: 'not-a-file' })
  if (process.platform !== 'win32') {
    execFileSync('mkfifo', [join(folder, 'pipe')])
    await assert.rejects(hasher.hashFile(join(folder, 'pipe')), { code: 'not-a-file' })
  }
})

test('a closed hasher refuses, and refuses what was waiting', async t => {
  const { give } = await setUp(t, 1)
  const hasher = createHasher({ threads: 1 })
  const path = await give('a', bytesOf('a', 1_000_000))
  const results = [hasher.hashFile(path), hasher.hashFile(path)].map(promise => promise.then(hash => hash.outcome, fault => (fault as { code: string }).code)) // prettier-ignore
  await hasher.close()
  assert.deepEqual(await Promise.all(results), ['hashed', 'hasher-closed'])
  await assert.rejects(hasher.hashFile(path), { code: 'hasher-closed' })
})

test('the time of a file is the same millisecond that stat tells, whatever lies below the millisecond', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'homeroll-hasher-'))
  t.after(() => rm(folder, { recursive: true }))
  const hasher = createHasher({ threads: 1 })
  t.after(() => hasher.close())
  for (let i = 0; i < 200; i++) {
    const path = join(folder, `${i}`)
    await writeFile(path, 'x')
    // Seconds as a fraction end just above or just below the millisecond, as copying programs leave them.
    await utimes(path, 0, 1_100_000_000 + i * 2_741_973.001)
    const hash = await hasher.hashFile(path)
    assert.ok(hash.outcome === 'hashed')
    assert.equal(hash.modifiedMs, Math.floor((await stat(path)).mtimeMs))
  }
})
