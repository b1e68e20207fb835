import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { multipart, openDoor, type TestDoor } from '../helpers/http-door.ts'

const head = (door: TestDoor, line: string) =>
  `${line}\r\nHost: 127.0.0.1:${door.http.port}\r\nAuthorization: Bearer ${door.token}\r\n`

test('headers, addresses and bodies are bounded', async t => {
  const door = await openDoor(t)
  const large = await door.api('/api/status', { headers: { 'x-filler': 'x'.repeat(20_000) } })
  assert.deepEqual([large.status, (large.json() as { code: string }).code], [431, 'headers-too-large'])
  assert.equal((await door.api(`/api/search?q=${'x'.repeat(10_000)}`)).status, 414)
  assert.equal((await door.api(`/api/search?q=${'x'.repeat(1001)}`)).status, 400)
  assert.equal((await door.api(`/api/assets/${'0'.repeat(500)}`)).status, 414)
  const body = await door.api('/api/setup', { method: 'POST', json: { spaceName: 'x'.repeat(1024 ** 2) } })
  assert.deepEqual([body.status, (body.json() as { code: string }).code], [413, 'too-large'])
})

test('a change reaches at most 10,000 assets at once', async t => {
  const door = await openDoor(t)
  const change = (count: number) =>
    door.api('/api/assets', {
      method: 'PATCH',
      json: { ids: Array.from({ length: count }, (_, i) => i.toString(16).padStart(32, '0')), set: { trashed: true } },
    })
  assert.equal((await change(10_000)).status, 200)
  assert.equal((await change(10_001)).status, 400)
  assert.equal((await change(0)).status, 400)
  assert.equal(door.services.changes.length, 1)
})

test('headers that never end are answered 408 and cut off', async t => {
  const door = await openDoor(t, { limits: { headersMs: 100 } })
  const heard = await door.raw(head(door, 'GET /api/status HTTP/1.1'))
  assert.match(heard, /^HTTP\/1\.1 408 [^]*"code":"too-slow"/)
})

test('a connection that says nothing is cut off', async t => {
  const door = await openDoor(t, { limits: { headersMs: 100 } })
  assert.match(await door.raw(''), /^(HTTP\/1\.1 408 [^]*)?$/)
})

test('a body that never ends is cut off', async t => {
  const door = await openDoor(t, { limits: { bodyMs: 100 } })
  const heard = await door.raw(
    `${head(door, 'POST /api/setup HTTP/1.1')}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"house`,
  )
  assert.equal(heard, '')
})

test('an upload that stands still is cut off', async t => {
  const door = await openDoor(t, { limits: { uploadStallMs: 100 } })
  const start = `${head(door, 'POST /api/assets HTTP/1.1')}Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\nabc`
  await door.raw(start)
  assert.equal(door.services.intakes[0]?.end, 'failed')
})

test('an upload that waits for us is not cut off', async t => {
  const door = await openDoor(t, { limits: { uploadStallMs: 20 } })
  const intake = door.services.intake.bind(door.services)
  door.services.intake = async (...given) => {
    // Ten times as long as a sender may stand still.
    await new Promise(resolve => setTimeout(resolve, 200))
    return intake(...given)
  }
  const form = multipart([{ name: 'file', fileName: 'a.jpg', content: Buffer.alloc(20e6) }])
  assert.equal((await door.api('/api/assets', { method: 'POST', ...form })).status, 201)
})

test('a stranger cannot keep a connection by sending a body for ever', async t => {
  const door = await openDoor(t)
  const heard = await door.raw(
    `POST /api/assets HTTP/1.1\r\nHost: 127.0.0.1:${door.http.port}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n--b`,
  )
  assert.match(heard, /^HTTP\/1\.1 401 /)
})

test('connections are bounded', async t => {
  const door = await openDoor(t, { limits: { connections: 4 } })
  const sockets = []
  for (let i = 0; i < 4; i++) {
    const socket = connect(door.http.port, '127.0.0.1')
    await once(socket, 'connect')
    sockets.push(socket)
  }
  assert.equal(await door.raw(`${head(door, 'GET /api/status HTTP/1.1')}\r\n`), '')
  for (const socket of sockets) socket.destroy()
})

test('what is not HTTP is told so without a word about the inside', async t => {
  const door = await openDoor(t)
  const heard = await door.raw('\x16\x03\x01 hello\r\n\r\n')
  assert.match(heard, /^HTTP\/1\.1 400 /)
  assert.match(heard, /\{"code":"bad-request","message":"[^"]*"\}$/)
})

test('a request smuggled behind another is not read as one', async t => {
  const door = await openDoor(t)
  let asked = 0
  const status = door.services.status.bind(door.services)
  door.services.status = () => (asked++, status())
  const inner = `${head(door, 'GET /api/status HTTP/1.1')}\r\n`
  const heard = await door.raw(
    `${head(door, 'POST /api/setup HTTP/1.1')}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inner}`,
  )
  assert.match(heard, /^HTTP\/1\.1 400 /)
  assert.equal(asked, 0)
})
