import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDoor } from '../helpers/http-door.ts'

test('a name that is not ours is refused before anything else, token or not (DNS rebinding)', async t => {
  const door = await openDoor(t)
  door.services.status = () => Promise.reject(new Error('must not be asked'))
  const { port } = door.http
  const hosts = ['evil.example', `evil.example:${port}`, '127.0.0.1', `127.0.0.1:${port + 1}`, `localhost.:${port}`]
  for (const host of [...hosts, `127.0.0.1:${port}.evil.example`, `evil.example@127.0.0.1:${port}`]) {
    const answer = await door.api('/api/status', { headers: { host } })
    assert.equal(answer.status, 421, `Host: ${host}`)
    assert.equal((answer.json() as { code: string }).code, 'wrong-host')
    assert.equal((await door.ask('/', { headers: { host } })).status, 421)
  }
})

test('our own names are answered, those that the family configured too', async t => {
  const door = await openDoor(t, { hostNames: ['Photos.home'] })
  const { port } = door.http
  for (const host of [
    `127.0.0.1:${port}`,
    `localhost:${port}`,
    `LOCALHOST:${port}`,
    `[::1]:${port}`,
    `photos.home:${port}`,
  ]) {
    assert.equal((await door.api('/api/status', { headers: { host } })).status, 200, `Host: ${host}`)
  }
})

test('two Host headers, none, and an absolute address are refused', async t => {
  const door = await openDoor(t)
  const ours = `Host: 127.0.0.1:${door.http.port}\r\n`
  const auth = `Authorization: Bearer ${door.token}\r\n`
  const status = async (text: string) => (await door.raw(text)).split('\r\n', 1)[0]
  assert.match((await status(`GET /api/status HTTP/1.1\r\n${ours}Host: evil.example\r\n${auth}\r\n`)) ?? '', / 421 /)
  assert.match((await status(`GET /api/status HTTP/1.1\r\nHost: evil.example\r\n${ours}${auth}\r\n`)) ?? '', / 421 /)
  assert.match((await status(`GET /api/status HTTP/1.1\r\nHost:\r\n${auth}\r\n`)) ?? '', / 421 /)
  assert.match((await status(`GET /api/status HTTP/1.0\r\n${auth}\r\n`)) ?? '', / 421 /)
  assert.match((await status(`GET /api/status HTTP/1.1\r\n${auth}\r\n`)) ?? '', / 400 /)
  assert.match((await status(`GET http://evil.example/api/status HTTP/1.1\r\n${ours}${auth}\r\n`)) ?? '', / 400 /)
  assert.match((await status(`GET /api/status HTTP/1.1\r\n${ours}${auth}Connection: close\r\n\r\n`)) ?? '', / 200 /)
})

test('listens on this machine alone unless told otherwise', async t => {
  const { http } = await openDoor(t)
  assert.equal(http.url, `http://127.0.0.1:${http.port}/`)
  assert.equal(http.apiUrl, `http://127.0.0.1:${http.port}/api`)
  // Another address of the loopback network reaches a server that listens everywhere, and not one on 127.0.0.1 alone.
  await assert.rejects(fetch(`http://127.0.0.2:${http.port}/`))
})

test('a port that is taken is named', async t => {
  const door = await openDoor(t)
  await assert.rejects(openDoor(t, { port: door.http.port }), { code: 'port-in-use' })
})
