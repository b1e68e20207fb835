// A whole node on a disk of a few megabytes: it says what is wrong, loses nothing, and goes on when there is room.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ImportProgress, Status } from '../../shared/schema/index.ts'
import { jpeg, place, seededRandom } from '../helpers/pictures.ts'
import { startNode, temporaryFolder } from '../helpers/start-node.ts'

const FILES = 40
const folder = temporaryFolder('full')
const disk = join(folder.path, 'disk')
after(async () => {
  spawnSync('umount', [disk])
  await folder.remove()
})

/** A small disk of its own where this user may mount one; else a limit on the sizes of files would not be the same. */
function mountSmallDisk(): boolean {
  place(join(disk, '.keep'), Buffer.alloc(0))
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', disk]).status === 0
}

const mounted = mountSmallDisk()

test(
  'a full disk is named, nothing acknowledged is lost, and the import goes on by itself when there is room',
  {
    skip: mounted ? false : 'mounting a small disk needs root on Linux: the stores test the same with injected faults',
  },
  async () => {
    const random = seededRandom(7)
    const photos = join(folder.path, 'photos')
    for (let i = 0; i < FILES; i++) {
      const path = join(photos, `IMG_${i}.jpg`)
      place(path, await jpeg(random, { width: 700, height: 500 }))
      utimesSync(path, new Date(2020, 1, 1), new Date(2020, 1, 1))
    }
    const data = join(disk, 'data')
    const node = await startNode(data)
    // Leaves room for a few photos only.
    const ballast = join(disk, 'ballast')
    const { disk: room } = await node.get<Status>('/status')
    writeFileSync(ballast, Buffer.alloc(Math.max(0, room.free - 3_000_000)))

    const { id } = await node.post<ImportProgress>('/imports', { paths: [photos], inPlace: false })
    const waiting = await until(node, id, progress => progress.state === 'waiting')
    assert.match(waiting.reason ?? '', /full|room|space/i)
    assert.ok(waiting.reason?.includes(disk), `the reason names the place: ${waiting.reason}`)
    assert.ok(waiting.files.done < FILES)
    assert.deepEqual(waiting.failures, [], 'no photo is blamed for the disk')

    // It still answers, and what it acknowledged it holds.
    const held = await node.get<Status>('/status')
    assert.ok(held.warnings.some(({ code }) => code === 'disk-nearly-full'))

    rmSync(ballast)
    const done = await until(node, id, progress => progress.state === 'done')
    assert.equal(done.files.imported, FILES)
    assert.equal(done.files.failed, 0)
    assert.deepEqual(await node.post('/verify'), { checked: FILES, corrupt: [], repaired: 0, missing: [] })
    assert.equal(await node.stop(), 0)
  },
)

async function until(
  node: { get<T>(path: string): Promise<T> },
  id: string,
  reached: (progress: ImportProgress) => boolean,
): Promise<ImportProgress> {
  for (let i = 0; i < 600; i++) {
    const progress = await node.get<ImportProgress>(`/imports/${id}`)
    if (reached(progress)) return progress
    await sleep(100)
  }
  throw new Error('it took longer than a minute')
}
