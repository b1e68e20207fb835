import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createHttp } from '../../node/http/index.ts'
import { listen } from '../helpers/event-stream.ts'
import { createFakeServices } from '../helpers/fake-services.ts'
import { openDoor } from '../helpers/http-door.ts'

test(
  'closing ends event streams, waits and idle connections, and stops listening to the node',
  { timeout: 10_000 },
  async t => {
    // Nothing here may need the cut.
    const door = await openDoor(t, { limits: { closeMs: 30_000 } })
    const events = await listen(door)
    await events.next()
    const waiting = door.api('/api/idle?timeout=3600')
    const idle = connect(door.http.port, '127.0.0.1')
    const idleClosed = new Promise(resolve => idle.on('close', resolve).on('error', resolve))
    await new Promise(resolve => idle.on('connect', resolve))
    // The wait has reached the node once a later request has been answered.
    await door.api('/api/status')
    assert.equal(door.services.listeners(), 1)
    await door.http.close()
    assert.equal(await events.next(), null)
    assert.equal((await waiting).status, 503)
    await idleClosed
    assert.equal(door.services.listeners(), 0)
  },
)

test('a request that would go on for ever is cut off', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'homeroll-http-'))
  const services = createFakeServices()
  const asked = new Promise<void>(resolve => {
    services.asset = () => {
      resolve()
      return new Promise(() => undefined)
    }
  })
  const http = await createHttp({ services, dataDir, appDir: dataDir, port: 0, version: '0', limits: { closeMs: 50 } })
  const token = http.launchUrl().split('token=')[1] ?? ''
  const signedIn = await fetch(`${http.apiUrl}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  })
  const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const answer = fetch(`${http.apiUrl}/assets/${'0'.repeat(32)}`, { headers: { cookie } })
  answer.catch(() => undefined)
  await asked
  await http.close()
  await assert.rejects(answer)
})
