import assert from 'node:assert/strict'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createLaunchTokens } from './launch-tokens.ts'
import { openSessions } from './sessions.ts'

test('sessions are bounded: the one unused longest makes room', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'homeroll-sessions-'))
  let now = 0
  const sessions = await openSessions(dataDir, () => now)
  const secrets = []
  for (let i = 0; i < 200; i++) {
    now++
    secrets.push(await sessions.create())
  }
  now++
  assert.ok(sessions.find(secrets[0] ?? ''))
  await sessions.create()
  assert.ok(sessions.find(secrets[0] ?? ''))
  assert.equal(sessions.find(secrets[1] ?? ''), null)
  await sessions.close()
  const stored = JSON.parse(await readFile(join(dataDir, 'sessions.json'), 'utf8')) as { sessions: unknown[] }
  assert.equal(stored.sessions.length, 200)
})

test('launch tokens are bounded: the oldest is forgotten', () => {
  const tokens = createLaunchTokens(() => 0)
  const first = tokens.issue()
  const second = tokens.issue()
  for (let i = 0; i < 99; i++) tokens.issue()
  assert.equal(tokens.redeem(first), false)
  assert.equal(tokens.redeem(second), true)
})
