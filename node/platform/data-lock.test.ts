import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { isDataFolderLocked, lockDataFolder } from './data-lock.ts'

const folder = mkdtempSync(join(tmpdir(), 'homeroll-lock-'))
after(() => rmSync(folder, { recursive: true, force: true }))

test('a data folder is held by one at a time, and free again after', () => {
  assert.equal(isDataFolderLocked(folder), false)
  const lock = lockDataFolder(folder)
  assert.equal(isDataFolderLocked(folder), true)
  assert.throws(() => lockDataFolder(folder), { code: 'data-folder-in-use' })
  assert.equal(statSync(join(folder, 'lock')).mode & 0o777, 0o600)
  lock.release()
  assert.equal(isDataFolderLocked(folder), false)
  lockDataFolder(folder).release()
})

test('a kill leaves no lock behind', async () => {
  const lockFile = new URL('./data-lock.ts', import.meta.url).href
  const holder = spawn(process.execPath, [
    '--input-type=module',
    '-e',
    `import { lockDataFolder } from '${lockFile}'; lockDataFolder(${JSON.stringify(folder)}); console.log('held'); setInterval(() => 0, 1e6)`,
  ])
  await once(holder.stdout, 'data')
  assert.equal(isDataFolderLocked(folder), true)
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  assert.equal(isDataFolderLocked(folder), false)
})
