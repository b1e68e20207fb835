import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { walk, worthTaking, type Found } from './walk.ts'

const root = mkdtempSync(join(tmpdir(), 'homeroll-walk-'))
after(() => rmSync(root, { recursive: true, force: true }))

async function gather(paths: string[], avoid: string[] = []): Promise<Found[]> {
  const found: Found[] = []
  for await (const one of walk(paths, avoid)) found.push(one)
  return found
}
const pathsOf = (found: Found[]) => found.flatMap(one => (one.kind === 'file' ? [one.path] : []))
const failuresOf = (found: Found[]) => found.flatMap(one => (one.kind === 'failure' ? [one.failure] : []))

test('a walk yields files in order, passes over litter and hidden files, and keeps names with newlines and emoji', async () => {
  const folder = join(root, 'order')
  mkdirSync(join(folder, 'b'), { recursive: true })
  mkdirSync(join(folder, '@eaDir'))
  const odd = `a\n🌊.jpg`
  for (const name of ['c.jpg', odd, '.hidden.jpg', 'Thumbs.db', 'b/inside.jpg', '@eaDir/thumb.jpg']) {
    writeFileSync(join(folder, name), 'x')
  }
  assert.deepEqual(
    pathsOf(await gather([folder])),
    [odd, 'b/inside.jpg', 'c.jpg'].map(name => join(folder, name)),
  )
})

test('a loop of links ends, and each real folder is entered once', async () => {
  const folder = join(root, 'loop')
  mkdirSync(join(folder, 'deep'), { recursive: true })
  writeFileSync(join(folder, 'one.jpg'), 'x')
  symlinkSync(folder, join(folder, 'deep', 'back'))
  symlinkSync(join(folder, 'self'), join(folder, 'self'))
  const found = await gather([folder, folder])
  assert.deepEqual(pathsOf(found), [join(folder, 'one.jpg')])
  assert.deepEqual(
    failuresOf(found).map(({ code }) => code),
    ['eloop'],
  )
})

test('what is not there is a failure that names it, and the walk goes on', async () => {
  const there = join(root, 'there.jpg')
  writeFileSync(there, 'x')
  const found = await gather([join(root, 'nowhere'), there])
  assert.deepEqual(pathsOf(found), [there])
  const [failure] = failuresOf(found)
  assert.equal(failure?.code, 'disappeared')
  assert.match(failure?.message ?? '', /nowhere/)
})

test('our own data is never walked into', async () => {
  const folder = join(root, 'own')
  mkdirSync(join(folder, 'data'), { recursive: true })
  writeFileSync(join(folder, 'data', 'original.jpg'), 'x')
  writeFileSync(join(folder, 'mine.jpg'), 'x')
  assert.deepEqual(pathsOf(await gather([folder], [join(folder, 'data')])), [join(folder, 'mine.jpg')])
})

test('an aborted walk stops', async () => {
  const stop = AbortSignal.abort()
  await assert.rejects(async () => {
    for await (const _ of walk([root], [], stop)) assert.fail('nothing should come')
  })
})

test('events about litter are told from events about pictures by their paths', () => {
  assert.equal(worthTaking('2024/IMG_1.jpg'), true)
  assert.equal(worthTaking('.Trash/IMG_1.jpg'), false)
  assert.equal(worthTaking('2024/@eaDir/IMG_1.jpg'), false)
  assert.equal(worthTaking('2024/.IMG_1.jpg.swp'), false)
})

test('a file that is named beside its folder, or twice, comes once', async () => {
  const folder = join(root, 'named')
  mkdirSync(folder)
  const [one, two] = [join(folder, 'one.jpg'), join(folder, 'two.jpg')]
  for (const path of [one, two]) writeFileSync(path, 'x')
  assert.deepEqual(pathsOf(await gather([folder, one, one, folder])), [two, one])
})
