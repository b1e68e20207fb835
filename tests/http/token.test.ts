import assert from 'node:assert/strict'
import { chmod, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { openApiToken } from '../../node/http/index.ts'
import { openDoor } from '../helpers/http-door.ts'

const OPEN = new Set(['POST /api/session'])

test('every route of the API answers 401 to a stranger', async t => {
  const door = await openDoor(t)
  const routes = door.http.routes()
  assert.ok(routes.length > 30 && routes.every(route => route.includes(' /api/')))
  for (const route of routes) {
    const [method = '', url = ''] = route.split(' ')
    const answer = await door.ask(url.replace(':bucket', '2024-07').replace(':id', '0'.repeat(32)), { method })
    if (OPEN.has(route)) assert.equal(answer.status, 400, route)
    else assert.equal(answer.status, 401, route)
  }
})

test('no spelling of an address gets around that', async t => {
  const door = await openDoor(t)
  const seen = door.services.status.bind(door.services)
  let asked = 0
  door.services.status = () => (asked++, seen())
  const paths = ['/%61pi/status', '/api/%73tatus', '/api/status/', '/api/status?x', '/api/status;x', '/api//status']
  for (const path of [
    ...paths,
    '//api/status',
    '/API/status',
    '/api/./status',
    '/x/../api/status',
    '/api',
    '/api/nothing',
  ]) {
    const answer = await door.ask(path)
    // Outside the API there is only the app's page, which is public.
    assert.ok(
      answer.status === 401 || answer.headers['content-type']?.startsWith('text/html'),
      `${path}: ${answer.status}`,
    )
  }
  assert.equal(asked, 0)
})

test('a wrong token is refused in any form, and more than ten a minute are not even told so', async t => {
  let now = Date.UTC(2026, 0, 1)
  const door = await openDoor(t, { now: () => now })
  const wrong = [`Bearer ${door.token}x`, `Bearer ${door.token.slice(1)}`, 'Bearer', door.token, `Basic ${door.token}`]
  for (const authorization of wrong) {
    assert.equal((await door.ask('/api/status', { headers: { authorization } })).status, 401, authorization)
  }
  for (let i = wrong.length; i < 10; i++) await door.ask('/api/status', { headers: { authorization: 'Bearer no' } })
  const limited = await door.ask('/api/status', { headers: { authorization: 'Bearer no' } })
  assert.equal(limited.status, 429)
  // Who holds the right one is not locked out of the API by somebody else's guessing.
  assert.equal((await door.api('/api/status')).status, 200)
  now += 60_001
  assert.equal((await door.ask('/api/status', { headers: { authorization: 'Bearer no' } })).status, 401)
})

test('a wrong bearer token is not made good by a cookie', async t => {
  const door = await openDoor(t)
  const { cookie } = await door.signIn()
  assert.equal((await door.ask('/api/status', { headers: { cookie } })).status, 200)
  assert.equal((await door.ask('/api/status', { headers: { cookie, authorization: 'Bearer no' } })).status, 401)
})

test('the token is made once, 32 random bytes, for its owner alone', async t => {
  const { dataDir, token } = await openDoor(t)
  const path = join(dataDir, 'api-token')
  assert.equal(Buffer.from(token, 'base64url').length, 32)
  assert.equal((await stat(path)).mode & 0o777, 0o600)
  assert.equal(await openApiToken(dataDir), token)
  await chmod(path, 0o644)
  assert.equal(await openApiToken(dataDir), token)
  assert.equal((await stat(path)).mode & 0o777, 0o600)
  await writeFile(path, 'short\n')
  await assert.rejects(openApiToken(dataDir), { code: 'bad-api-token' })
  assert.equal(await readFile(path, 'utf8'), 'short\n')
})
