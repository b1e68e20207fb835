import assert from 'node:assert/strict'
import * as fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { bytesOf, expectedOf, originalStoreContract } from '../../tests/contracts/original-store.ts'
import { openPlain } from '../../tests/helpers/original-stores.ts'

const kind = { persistent: true, copies: true, files: true }

originalStoreContract('plain-file store', { ...kind, open: openPlain })

originalStoreContract('plain-file store on a disk without hard links', {
  ...kind,
  open: folder =>
    openPlain(folder, {
      ...fs,
      link: async () => {
        throw Object.assign(new Error('operation not permitted'), { code: 'EPERM' })
      },
    }),
})

originalStoreContract('plain-file store on another disk than what it consumes', {
  ...kind,
  open: folder =>
    openPlain(folder, {
      ...fs,
      rename: async (from, to) => {
        if (!String(from).includes('.incoming')) throw Object.assign(new Error('other disk'), { code: 'EXDEV' })
        await fs.rename(from, to)
      },
    }),
})

test('a source that changes while it is copied, and a disk that keeps other bytes than it was given, are noticed', async t => {
  const folder = await fs.mkdtemp(join(tmpdir(), 'homeroll-lying-'))
  const path = join(folder, 'source')
  const bytes = bytesOf('right', 70_000)
  const wrong = bytesOf('wrong', 70_000)
  const changes: (() => Promise<void>)[] = [
    () => fs.writeFile(path, wrong),
    () => fs.appendFile(path, 'more'),
    () => fs.truncate(path, 60_000),
  ]
  const { store, close } = await openPlain(folder, {
    ...fs,
    copyFile: async (from, to, mode) => {
      const change = changes.shift()
      await change?.()
      await fs.copyFile(from, to, mode)
      // The last time, the copy itself is bad.
      if (changes.length === 0 && !change) await fs.writeFile(to, wrong)
    },
  })
  t.after(async () => {
    await close()
    await fs.rm(folder, { recursive: true })
  })
  for (let attempt = 0; attempt < 4; attempt++) {
    await fs.writeFile(path, bytes)
    const placing = { fileName: 'a.jpg', takenAt: '2024-07-01T00:00:00' }
    const { outcome } = await store.put({ kind: 'file', path }, expectedOf(bytes), placing)
    assert.equal(outcome, 'mismatch')
    assert.deepEqual(await fs.readdir(join(folder, 'originals')), ['.incoming'])
    assert.deepEqual(await fs.readdir(join(folder, 'originals', '.incoming')), [])
  }
  assert.equal((await store.stats()).originals, 0)
})
