import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { listen } from '../helpers/event-stream.ts'
import { openDoor } from '../helpers/http-door.ts'

test('the current status comes first, then what happens, each under its own name', async t => {
  const door = await openDoor(t)
  const events = await listen(door)
  assert.equal(events.response.headers['content-type'], 'text/event-stream; charset=utf-8')
  const first = await events.next()
  assert.equal(first?.type, 'status')
  assert.deepEqual(first?.data, { status: await door.services.status() })
  door.services.emit({ type: 'timeline', buckets: ['2024-07'] })
  door.services.emit({ type: 'assets', ids: ['a'] })
  assert.deepEqual(await events.next(), { type: 'timeline', data: { buckets: ['2024-07'] } })
  assert.deepEqual(await events.next(), { type: 'assets', data: { ids: ['a'] } })
})

test('what happens while the first status is fetched is not lost', async t => {
  const door = await openDoor(t)
  const status = door.services.status.bind(door.services)
  door.services.status = async () => {
    door.services.emit({ type: 'assets', ids: ['a'] })
    return status()
  }
  const events = await listen(door)
  assert.equal((await events.next())?.type, 'status')
  assert.deepEqual(await events.next(), { type: 'timeline', data: { buckets: null } })
})

test('a listener that does not read is not remembered for: it is told to reload once it does', async t => {
  const eventBacklogBytes = 64 * 1024
  const door = await openDoor(t, { limits: { eventBacklogBytes } })
  const events = await listen(door)
  assert.equal((await events.next())?.type, 'status')
  const ids = Array.from({ length: 2000 }, () => '0'.repeat(32))
  // Far more than the sockets of both sides hold.
  const sent = 2000
  for (let i = 0; i < sent; i++) {
    door.services.emit({ type: 'assets', ids })
    if (i % 20 === 0) await new Promise(setImmediate)
  }
  let got = 0
  let reloads = 0
  for (;;) {
    const event = await events.next()
    if (event?.type === 'timeline') {
      assert.deepEqual(event.data, { buckets: null })
      reloads++
    } else if (event?.type === 'status') {
      // It has caught up and hears again what happens from now on.
      door.services.emit({ type: 'assets', ids: ['new'] })
    } else if ((event?.data as { ids: string[] }).ids[0] === 'new') break
    else got++
  }
  assert.ok(reloads > 0)
  assert.ok(got < sent / 2, `${got} of ${sent} were kept`)
})

test('a quiet stream carries a heartbeat', async t => {
  const door = await openDoor(t, { limits: { heartbeatMs: 5 } })
  const heard = await new Promise<string>(resolve => {
    let text = ''
    const socket = connect(door.http.port, '127.0.0.1', () =>
      socket.write(
        `GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:${door.http.port}\r\nAuthorization: Bearer ${door.token}\r\n\r\n`,
      ),
    )
    socket.on('data', chunk => {
      text += chunk.toString()
      if (text.split('\n:\n\n').length > 3) {
        socket.destroy()
        resolve(text)
      }
    })
  })
  assert.match(heard, /event: status\n/)
})

test('listeners are bounded, and one that leaves makes room', async t => {
  const door = await openDoor(t, { limits: { eventClients: 3 } })
  const streams = [await listen(door), await listen(door), await listen(door)]
  const full = await door.api('/api/events')
  assert.equal(full.status, 503)
  assert.equal((full.json() as { code: string }).code, 'too-many-listeners')
  streams[0]?.close()
  for (let stream = await listen(door); ; stream = await listen(door)) {
    if (stream.response.statusCode === 200) break
    stream.close()
  }
})
