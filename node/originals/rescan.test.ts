import assert from 'node:assert/strict'
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { bytesOf, expectedOf } from '../../tests/contracts/original-store.ts'
import { openPlain } from '../../tests/helpers/original-stores.ts'

test('a lost or damaged locations file is written anew from the folder', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'homeroll-rescan-'))
  const originals = join(folder, 'originals')
  const put = async ({ store }: Awaited<ReturnType<typeof openPlain>>, seed: string) => {
    const bytes = bytesOf(seed, 3000)
    const source = { kind: 'stream', stream: Readable.from([bytes]) } as const
    await store.put(source, expectedOf(bytes), { fileName: 'a.jpg', takenAt: '2024-07-01T00:00:00' })
    return expectedOf(bytes)
  }
  let opened = await openPlain(folder)
  t.after(async () => {
    await opened.close()
    await rm(folder, { recursive: true })
  })
  assert.equal(opened.locations.state, 'created')
  const kept = [await put(opened, 'a'), await put(opened, 'b'), await put(opened, 'c')]
  const before = await pathsOf(opened.store)
  assert.deepEqual(await opened.store.rescan(), { files: 3, recorded: 0, duplicates: [], failed: [] })
  await opened.close()

  for (const damage of ['lost', 'damaged'] as const) {
    for (const name of await readdir(folder)) if (name.startsWith('originals.sqlite')) await rm(join(folder, name))
    if (damage === 'damaged') await writeFile(join(folder, 'originals.sqlite'), bytesOf('not a database', 5000))
    opened = await openPlain(folder)
    assert.equal(opened.locations.state, damage === 'lost' ? 'created' : 'replaced')
    assert.equal((await opened.store.stats()).originals, 0)
    const heard: number[] = []
    const result = await opened.store.rescan({ onProgress: files => heard.push(files) })
    assert.deepEqual(result, { files: 3, recorded: 3, duplicates: [], failed: [] })
    assert.deepEqual(heard, [1, 2, 3])
    assert.deepEqual(await pathsOf(opened.store), before)
    for (const { sha256 } of kept) assert.equal(await opened.store.verify(sha256), 'intact')
    await opened.close()
  }
  assert.ok(
    (await readdir(folder)).some(name => name.startsWith('originals.sqlite.damaged-')),
    'it is kept aside',
  )

  opened = await openPlain(folder)
  assert.equal(opened.locations.state, 'existing')
  const month = join(originals, '2024', '2024-07')
  await mkdir(join(originals, 'mine'))
  await rename(join(month, 'a.jpg'), join(originals, 'mine', 'moved.jpg'))
  await copyFile(join(month, 'a (2).jpg'), join(month, 'copy.jpg'))
  await symlink(join(month, 'a (2).jpg'), join(month, 'link.jpg'))
  await writeFile(join(originals, '.hidden'), 'x')
  assert.equal(await opened.store.has(kept[0]?.sha256 ?? new Uint8Array()), false)
  const result = await opened.store.rescan()
  assert.deepEqual(result, { files: 4, recorded: 1, duplicates: [join(month, 'copy.jpg')], failed: [] })
  assert.equal(await opened.store.pathOf(kept[0]?.sha256 ?? new Uint8Array()), join(originals, 'mine', 'moved.jpg'))
  await assert.rejects(opened.store.rescan({ signal: AbortSignal.abort() }), { name: 'AbortError' })
})

async function pathsOf(store: { list(): AsyncIterable<{ path: string | null }> }) {
  const paths: string[] = []
  for await (const { path } of store.list()) paths.push(path ?? '')
  return paths.sort()
}
