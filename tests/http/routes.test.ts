import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HomerollError } from '../../shared/errors/index.ts'
import { openDoor } from '../helpers/http-door.ts'

test('the timeline, months, lines, search and records come from the node', async t => {
  const door = await openDoor(t)
  const ids = ['a', 'b', 'c'].map(name => door.services.place(Buffer.from(name), `${name}.jpg`, 'image/jpeg'))
  const timeline = await door.api('/api/timeline?view=favourites')
  assert.equal((timeline.json() as { view: string }).view, 'favourites')
  assert.match(timeline.headers['content-type'] ?? '', /^application\/json/)
  assert.deepEqual(((await door.api('/api/timeline/2024-07')).json() as { id: string[] }).id, ids)
  const lines = await door.api('/api/assets')
  assert.match(lines.headers['content-type'] ?? '', /^application\/x-ndjson/)
  assert.deepEqual(
    lines.text
      .trim()
      .split('\n')
      .map(line => (JSON.parse(line) as { id: string }).id),
    ids,
  )
  Object.assign(door.services.held.get(ids[2]!)!.record, { state: 'damaged', problem: { code: 'x', message: 'cut' } })
  const damaged = await door.api('/api/assets?state=damaged')
  assert.deepEqual(
    damaged.text
      .trim()
      .split('\n')
      .map(line => (JSON.parse(line) as { id: string }).id),
    [ids[2]],
  )
  assert.equal((await door.api('/api/assets?state=pending')).status, 400)
  const hits = (await door.api('/api/search?q=b.jpg&limit=5')).json() as { id: string }[]
  assert.deepEqual(
    hits.map(hit => hit.id),
    [ids[1]],
  )
  assert.equal(((await door.api(`/api/assets/${ids[0]}`)).json() as { fileName: string }).fileName, 'a.jpg')
  assert.equal((await door.api(`/api/assets/${'0'.repeat(32)}`)).status, 404)
})

test('the listing stops when the caller goes away', async t => {
  const door = await openDoor(t)
  const stopped = new Promise<void>(resolve => {
    door.services.assets = async function* (_, signal) {
      try {
        for (;;) {
          signal.throwIfAborted()
          yield Buffer.alloc(65_536, 10)
          await new Promise(setImmediate)
        }
      } finally {
        resolve()
      }
    }
  })
  const controller = new AbortController()
  const answer = await fetch(`${door.http.apiUrl}/assets`, {
    headers: { authorization: `Bearer ${door.token}` },
    signal: controller.signal,
  })
  await answer.body?.getReader().read()
  controller.abort()
  await stopped
})

test('imports, watches and folders', async t => {
  const door = await openDoor(t)
  const started = await door.api('/api/imports', { method: 'POST', json: { paths: ['/photos'], inPlace: true } })
  const { id, inPlace } = started.json() as { id: string; inPlace: boolean }
  assert.deepEqual([started.status, inPlace], [201, true])
  assert.equal(((await door.api('/api/imports')).json() as unknown[]).length, 1)
  const stateAfter = async (path: string, method: string) =>
    ((await door.api(path, { method })).json() as { state: string }).state
  assert.equal(await stateAfter(`/api/imports/${id}/stop`, 'POST'), 'stopped')
  assert.equal(await stateAfter(`/api/imports/${id}/resume`, 'POST'), 'running')
  assert.equal(await stateAfter(`/api/imports/${id}`, 'GET'), 'running')
  assert.equal((await door.api('/api/imports/99')).status, 404)
  assert.equal((await door.api('/api/imports', { method: 'POST', json: { paths: ['relative'] } })).status, 400)

  assert.equal((await door.api('/api/watches', { method: 'POST', json: { path: '/photos' } })).status, 201)
  assert.equal(((await door.api('/api/watches')).json() as unknown[]).length, 1)
  assert.equal((await door.api('/api/watches?path=%2Fphotos', { method: 'DELETE' })).status, 204)
  assert.equal((await door.api('/api/watches?path=%2Fphotos', { method: 'DELETE' })).status, 404)
  assert.equal(((await door.api('/api/folders?path=%2Fhome%2Fa')).json() as { path: string }).path, '/home/a')
})

test('errands of the whole node', async t => {
  const door = await openDoor(t)
  const ok = async (path: string, asked: Parameters<typeof door.api>[1] = {}) => {
    const answer = await door.api(path, asked)
    assert.equal(answer.status, 200, path)
    return answer.json()
  }
  assert.deepEqual(await ok('/api/verify', { method: 'POST', json: { repair: true } }), {
    checked: 0,
    corrupt: [],
    repaired: 0,
    missing: [],
  })
  assert.deepEqual(await ok('/api/export', { method: 'POST', json: { path: '/out' } }), {
    exported: 0,
    present: 0,
    failed: [],
  })
  assert.deepEqual(await ok('/api/idle?timeout=0'), { idle: true })
  assert.deepEqual(await ok('/api/idle?timeout=0.01'), { idle: false })
  assert.deepEqual(await ok('/api/index/rebuild', { method: 'POST' }), { assets: 0 })
  assert.equal(((await ok('/api/devices')) as unknown[]).length, 1)
  assert.deepEqual(await ok('/api/jobs'), { pending: 0, running: 0, failed: 0, failures: [] })
  const setup = { spaceName: 'Family', memberName: 'Ada', deviceName: 'Desk' }
  assert.equal(
    ((await ok('/api/setup', { method: 'POST', json: setup })) as { space: { name: string } }).space.name,
    'Family',
  )
})

test('a wait ends when the caller goes away', async t => {
  const door = await openDoor(t)
  const controller = new AbortController()
  const ended = new Promise<void>(resolve => {
    door.services.verify = (_, signal) => {
      controller.abort()
      return new Promise((_, reject) =>
        signal.addEventListener('abort', () => {
          resolve()
          reject(signal.reason as Error)
        }),
      )
    }
  })
  const answer = fetch(`${door.http.apiUrl}/verify`, {
    method: 'POST',
    headers: { authorization: `Bearer ${door.token}`, 'content-type': 'application/json' },
    body: '{}',
    signal: controller.signal,
  })
  await assert.rejects(answer)
  await ended
})

test('faults keep their code and status; of anything unexpected nothing is told', async t => {
  const door = await openDoor(t)
  const after = async (fault: Error) => {
    door.services.status = () => Promise.reject(fault)
    const answer = await door.api('/api/status')
    const { status, text } = answer
    assert.ok(!text.includes('at ') && !text.includes('.ts'), text)
    return [status, (answer.json() as { code: string }).code]
  }
  assert.deepEqual(await after(new HomerollError('disk-full', 'The disk is full.', { status: 507 })), [
    507,
    'disk-full',
  ])
  assert.deepEqual(await after(new Error('/home/ada/secret.ts:12')), [500, 'unexpected'])
  assert.deepEqual(await after('text' as unknown as Error), [500, 'unexpected'])
  assert.deepEqual(await after(undefined as unknown as Error), [500, 'unexpected'])
})

test('unknown addresses, wrong methods and wrong input are told apart', async t => {
  const door = await openDoor(t)
  const code = async (path: string, asked: Parameters<typeof door.api>[1] = {}) => {
    const answer = await door.api(path, asked)
    return [answer.status, (answer.json() as { code: string }).code]
  }
  assert.deepEqual(await code('/api/nothing'), [404, 'not-found'])
  assert.deepEqual(await code('/api/status', { method: 'POST' }), [405, 'wrong-method'])
  assert.deepEqual(await code(`/api/assets/${'0'.repeat(32)}`, { method: 'PUT' }), [405, 'wrong-method'])
  assert.equal((await door.api('/api/status', { method: 'POST' })).headers.allow, 'GET, HEAD')
  assert.deepEqual(await code('/api/timeline/2024-13'), [400, 'bad-request'])
  assert.deepEqual(await code('/api/timeline?view=secret'), [400, 'bad-request'])
  assert.deepEqual(await code('/api/setup', { method: 'POST', json: { spaceName: ' ', memberName: 'm' } }), [
    400,
    'bad-request',
  ])
  assert.deepEqual(
    await code('/api/setup', { method: 'POST', json: { spaceName: 'a', memberName: 'm', admin: true } }),
    [400, 'bad-request'],
  )
  const text = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{"spaceName":"a","memberName":"m"}' }
  assert.deepEqual(await code('/api/setup', text), [415, 'unsupported-media-type'])
  const broken = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' }
  assert.deepEqual(await code('/api/setup', broken), [400, 'bad-json'])
  const poisoned = { ...broken, body: '{"__proto__":{"a":1},"spaceName":"a","memberName":"m"}' }
  assert.deepEqual((await code('/api/setup', poisoned))[0], 400)
})

test('the interface describes itself', async t => {
  const door = await openDoor(t)
  const { paths } = (await door.api('/api/openapi.json')).json() as { paths: Record<string, Record<string, unknown>> }
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map(method => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
  )
  const real = door.http.routes().filter(route => !route.startsWith('HEAD ') && !route.endsWith('openapi.json'))
  assert.deepEqual(described.filter(route => !route.startsWith('HEAD ')).sort(), real.sort())
})
