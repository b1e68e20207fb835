import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import { bytesOf, expectedOf } from '../../tests/contracts/original-store.ts'
import { openPlain } from '../../tests/helpers/original-stores.ts'
import type { Disk } from './disk.ts'

const CAPACITY = 4 * 1024 * 1024

/** A real file system of 4 MiB where this process may mount one, else calls that refuse as a full disk does. */
async function smallDisk(folder: string): Promise<{ disk?: Disk; kind: string; end: () => void }> {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${CAPACITY}`, 'tmpfs', folder], { stdio: 'ignore' })
    return { kind: 'a tmpfs', end: () => execFileSync('umount', ['-l', folder]) }
  } catch {
    return { ...countedDisk(folder), end: () => undefined }
  }
}

/** Writes half of what does not fit, then fails, as disks do. */
function countedDisk(folder: string): { disk: Disk; kind: string } {
  const used = async () => {
    let sum = 0
    for (const entry of await fs.readdir(join(folder, 'originals'), { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) sum += (await fs.stat(join(entry.parentPath, entry.name))).size
    }
    return sum
  }
  const full = () => Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
  const disk: Disk = {
    ...fs,
    copyFile: async (from, to, mode) => {
      const { size } = await fs.stat(from)
      if ((await used()) + size <= CAPACITY) return fs.copyFile(from, to, mode)
      await fs.writeFile(to, (await fs.readFile(from)).subarray(0, size / 2))
      throw full()
    },
    rename: async (from, to) => {
      if (!String(from).startsWith(folder)) throw Object.assign(new Error('other disk'), { code: 'EXDEV' })
      await fs.rename(from, to)
    },
    open: async (path, ...rest) => {
      const file = await fs.open(path, ...rest)
      const append = file.appendFile.bind(file)
      file.appendFile = async data => {
        const chunk = data as Buffer
        if ((await used()) + chunk.length <= CAPACITY) return append(chunk)
        await append(chunk.subarray(0, chunk.length / 2))
        throw full()
      }
      return file
    },
  }
  return { disk, kind: 'counted calls' }
}

async function fillAndRecover(folder: string, disk?: Disk) {
  const sources = await fs.mkdtemp(join(tmpdir(), 'homeroll-full-sources-'))
  const { store, close } = await openPlain(folder, disk)
  const placing = { fileName: 'IMG.jpg', takenAt: '2024-07-01T00:00:00' }
  try {
    const stored: Buffer[] = []
    let failures = 0
    for (let number = 0; failures < 6; number++) {
      assert.ok(number < 100, 'the disk never became full')
      const bytes = bytesOf(`full ${number}`, 300_000 + number)
      const path = join(sources, String(number))
      await fs.writeFile(path, bytes)
      // In turn: copied, streamed, consumed from another disk.
      const source =
        number % 3 === 1
          ? ({ kind: 'stream', stream: Readable.from([bytes.subarray(0, 9999), bytes.subarray(9999)]) } as const)
          : ({ kind: 'file', path, consume: number % 3 === 2 } as const)
      try {
        assert.equal((await store.put(source, expectedOf(bytes), placing)).outcome, 'stored')
        stored.push(bytes)
      } catch (fault) {
        failures++
        const { code, status, message } = fault as { code: string; status: number; message: string }
        assert.deepEqual([code, status], ['disk-full', 507])
        assert.ok(message.includes(join(folder, 'originals')) && message.includes('free some space'), message)
        assert.ok((await fs.readFile(path)).equals(bytes), 'the source stays')
        assert.equal(await store.has(expectedOf(bytes).sha256), false)
      }
      assert.deepEqual(await fs.readdir(join(folder, 'originals', '.incoming')), [])
    }
    assert.ok(stored.length >= 5)
    const intact = async () => {
      for (const bytes of stored) {
        const stream = await store.get(expectedOf(bytes).sha256)
        assert.ok(stream && (await buffer(stream)).equals(bytes))
      }
      assert.equal((await store.stats()).originals, stored.length)
    }
    await intact()
    const [freed] = stored.splice(0, 1)
    assert.ok(freed && (await store.remove(expectedOf(freed).sha256)))
    const later = bytesOf('later', 200_000)
    const source = { kind: 'stream', stream: Readable.from([later]) } as const
    assert.equal((await store.put(source, expectedOf(later), placing)).outcome, 'stored')
    stored.push(later)
    await intact()
  } finally {
    await close()
    await fs.rm(sources, { recursive: true })
  }
}

test('on a full disk a put fails in words, leaves nothing, and works again when there is room', async t => {
  const folder = await fs.mkdtemp(join(tmpdir(), 'homeroll-full-'))
  const { disk, kind, end } = await smallDisk(folder)
  t.diagnostic(`full disk: ${kind}`)
  try {
    await fillAndRecover(folder, disk)
  } finally {
    end()
    await fs.rm(folder, { recursive: true })
  }
})

test('so it is when writes fail half way', async t => {
  const folder = await fs.mkdtemp(join(tmpdir(), 'homeroll-full-'))
  t.after(() => fs.rm(folder, { recursive: true }))
  await fillAndRecover(folder, countedDisk(folder).disk)
})
