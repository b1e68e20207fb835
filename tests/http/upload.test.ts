import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { test } from 'node:test'
import { multipart, openDoor, type TestDoor } from '../helpers/http-door.ts'

const code = (answer: { json(): unknown }) => (answer.json() as { code: string }).code
const upload = (door: TestDoor, parts: Parameters<typeof multipart>[0], end = true) =>
  door.api('/api/assets', { method: 'POST', ...multipart(parts, end) })

test('an original is taken in once', async t => {
  const door = await openDoor(t)
  const parts = [
    { name: 'modified', content: '2019-05-06T07:08:09Z' },
    { name: 'file', fileName: 'Größe.jpg', content: Buffer.alloc(300_000, 7) },
  ]
  const first = await upload(door, parts)
  const { id, status } = first.json() as { id: string; status: string }
  assert.deepEqual([first.status, status], [201, 'new'])
  const second = await upload(door, parts)
  assert.deepEqual([second.status, second.json()], [200, { id, status: 'duplicate' }])
  assert.deepEqual(door.services.intakes[0], {
    fileName: 'Größe.jpg',
    fileTime: new Date('2019-05-06T07:08:09Z'),
    bytes: 300_000,
    end: 'kept',
  })
})

test('a browser may upload with its session', async t => {
  const door = await openDoor(t)
  const { body, headers } = multipart([{ name: 'file', fileName: 'a.jpg', content: 'a' }])
  const own = await door.signIn()
  assert.equal((await door.ask('/api/assets', { method: 'POST', body, headers: { ...headers, ...own } })).status, 201)
  const { 'x-homeroll-csrf': _, ...without } = own
  assert.equal(
    (await door.ask('/api/assets', { method: 'POST', body, headers: { ...headers, ...without } })).status,
    403,
  )
  assert.equal(door.services.intakes.length, 1)
})

test('what is refused says why, even after much of it was sent', async t => {
  const door = await openDoor(t)
  const answer = await upload(door, [{ name: 'file', fileName: 'a.jpg', content: `text:${'x'.repeat(3e6)}` }])
  assert.deepEqual([answer.status, code(answer)], [415, 'unsupported'])
  // An intake that does not even read.
  door.services.intake = async () => ({ status: 'refused', code: 'damaged', message: 'cut in half' })
  const early = await upload(door, [{ name: 'file', fileName: 'a.jpg', content: Buffer.alloc(3e6) }])
  assert.deepEqual([early.status, code(early)], [422, 'damaged'])
})

test('a form without a file, a second file and anything but a form are refused', async t => {
  const door = await openDoor(t)
  const none = await upload(door, [{ name: 'modified', content: '0' }])
  assert.deepEqual([none.status, code(none)], [400, 'no-file'])
  const file = { name: 'file', fileName: 'a.jpg', content: 'a' }
  assert.equal((await upload(door, [file, { ...file, content: 'b' }])).status, 413)
  assert.equal((await upload(door, [{ name: 'modified', content: 'soon' }, file])).status, 400)
  const json = await door.api('/api/assets', { method: 'POST', json: { file: 'a' } })
  assert.deepEqual([json.status, code(json)], [415, 'unsupported-media-type'])
  const broken = await door.api('/api/assets', {
    method: 'POST',
    headers: { 'content-type': 'multipart/form-data' },
    body: 'a',
  })
  assert.ok(broken.status >= 400 && broken.status < 500)
})

test('an upload that is too large is refused, told or found out, and not kept', async t => {
  const door = await openDoor(t, { limits: { uploadBytes: 200_000 } })
  const told = await upload(door, [{ name: 'file', fileName: 'a.jpg', content: Buffer.alloc(400_000) }])
  assert.deepEqual([told.status, code(told)], [413, 'too-large'])
  assert.equal(door.services.intakes.length, 0)
  const foundOut = await upload(door, [{ name: 'file', fileName: 'a.jpg', content: Buffer.alloc(200_001) }])
  assert.deepEqual([foundOut.status, code(foundOut)], [413, 'too-large'])
  assert.equal((await upload(door, [{ name: 'file', fileName: 'a.jpg', content: Buffer.alloc(200_000) }])).status, 201)
  assert.deepEqual(
    door.services.intakes.map(({ end }) => end),
    ['failed', 'kept'],
  )
})

test('a form that ends too early never passes for a whole original', async t => {
  const door = await openDoor(t)
  // The request itself is complete: only the closing boundary is missing.
  const answer = await upload(door, [{ name: 'file', fileName: 'a.jpg', content: Buffer.alloc(100_000) }], false)
  assert.ok(answer.status >= 400 && answer.status < 500, String(answer.status))
  assert.equal(door.services.intakes[0]?.end, 'failed')
  assert.equal(door.services.held.size, 0)
})

test('an upload that is cut off leaves nothing', async t => {
  const door = await openDoor(t)
  let aborted = false
  const intake = door.services.intake.bind(door.services)
  const ended = new Promise<void>(resolve => {
    door.services.intake = async (stream, fileName, fileTime, signal) => {
      signal.addEventListener('abort', () => (aborted = true))
      try {
        return await intake(stream, fileName, fileTime, signal)
      } finally {
        resolve()
      }
    }
  })
  const { body, headers } = multipart([{ name: 'file', fileName: 'a.jpg', content: Buffer.alloc(500_000) }])
  const socket = connect(door.http.port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write(
    `POST /api/assets HTTP/1.1\r\nHost: 127.0.0.1:${door.http.port}\r\nAuthorization: Bearer ${door.token}\r\n`,
  )
  socket.write(`Content-Type: ${headers['content-type']}\r\nContent-Length: ${body.length}\r\n\r\n`)
  socket.write(body.subarray(0, 300_000))
  while ((door.services.intakes[0]?.bytes ?? 0) < 100_000) await turn()
  socket.destroy()
  await ended
  while (!aborted) await turn()
  assert.equal(door.services.intakes[0]?.end, 'failed')
  assert.equal(door.services.held.size, 0)
})

test('what the intake does not read yet is not taken from the sender', async t => {
  const door = await openDoor(t)
  let go = () => undefined as void
  const allowed = new Promise<void>(resolve => (go = resolve))
  const intake = door.services.intake.bind(door.services)
  door.services.intake = async (...given) => {
    await allowed
    return intake(...given)
  }
  const size = 64 * 1024 ** 2
  const { body, headers } = multipart([{ name: 'file', fileName: 'a.jpg', content: Buffer.alloc(size) }])
  const sent = request({
    host: '127.0.0.1',
    port: door.http.port,
    path: '/api/assets',
    method: 'POST',
    headers: { ...headers, authorization: `Bearer ${door.token}`, 'content-length': body.length },
  })
  const answer = once(sent, 'response')
  let written = 0
  const step = 256 * 1024
  // Writes until the way is full: with nothing read at the other end that must come long before the end.
  while (written < body.length) {
    const chunk = body.subarray(written, written + step)
    written += chunk.length
    if (sent.write(chunk)) continue
    const drained = await Promise.race([
      once(sent, 'drain').then(() => true),
      new Promise(r => setTimeout(r, 300, false)),
    ])
    if (!drained) break
  }
  assert.ok(written < size / 2, `${written} bytes were taken`)
  go()
  sent.end(body.subarray(written))
  const [response] = (await answer) as [{ statusCode: number; resume(): void }]
  response.resume()
  assert.equal(response.statusCode, 201)
  assert.equal(door.services.intakes[0]?.bytes, size)
})

test('uploads at once are bounded', async t => {
  const door = await openDoor(t, { limits: { uploads: 1 } })
  const begun = new Promise<void>(resolve => {
    door.services.intake = stream => {
      resolve()
      return new Promise((_, reject) => stream.on('error', reject))
    }
  })
  const { body, headers } = multipart([{ name: 'file', fileName: 'a.jpg', content: Buffer.alloc(1000) }])
  const slow = connect(door.http.port, '127.0.0.1')
  slow.write(
    `POST /api/assets HTTP/1.1\r\nHost: 127.0.0.1:${door.http.port}\r\nAuthorization: Bearer ${door.token}\r\n`,
  )
  slow.write(`Content-Type: ${headers['content-type']}\r\nContent-Length: ${body.length}\r\n\r\n`)
  slow.write(body.subarray(0, 500))
  await begun
  const second = await door.api('/api/assets', { method: 'POST', body, headers })
  assert.deepEqual([second.status, code(second)], [503, 'too-many-uploads'])
  slow.destroy()
})
