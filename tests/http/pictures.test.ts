import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { openDoor } from '../helpers/http-door.ts'

const content = Buffer.from(Array.from({ length: 1000 }, (_, i) => i % 251))
const YEAR = 'private, max-age=31536000, immutable'

test('a rendered thumbnail is kept for ever under its version; a stand-in never is', async t => {
  const door = await openDoor(t)
  const rendered = `/api/assets/${door.services.place(Buffer.from('a'), 'a.jpg', 'image/jpeg', 2)}/thumbnail`
  const standIn = `/api/assets/${door.services.place(Buffer.from('b'), 'b.jpg', 'image/jpeg', 0)}/thumbnail`
  const cache = async (path: string) => (await door.api(path)).headers['cache-control']
  assert.equal(await cache(`${rendered}?v=2`), YEAR)
  assert.equal(await cache(`${rendered}?v=1`), YEAR)
  assert.equal(await cache(`${rendered}?v=3`), 'private, no-cache')
  assert.equal(await cache(rendered), 'private, max-age=86400, stale-while-revalidate=31536000')
  assert.equal(await cache(standIn), 'private, no-cache')
  assert.equal(await cache(`${standIn}?v=0`), 'private, no-cache')

  const { headers, body } = await door.api(rendered)
  assert.equal(headers['content-type'], 'image/webp')
  assert.ok(body.length > 0)
  const again = await door.api(rendered, { headers: { 'if-none-match': headers.etag ?? '' } })
  assert.equal(again.status, 304)
  assert.equal(again.body.length, 0)
  const head = await door.api(rendered, { method: 'HEAD' })
  assert.equal(head.headers['content-length'], String(body.length))
})

test('what is not rendered yet says so', async t => {
  const door = await openDoor(t)
  const id = door.services.place(content, 'a.jpg', 'image/jpeg', null)
  for (const kind of ['thumbnail', 'preview']) {
    const answer = await door.api(`/api/assets/${id}/${kind}`)
    assert.equal(answer.status, 404)
    assert.equal((answer.json() as { code: string }).code, 'not-rendered-yet')
    assert.equal(answer.headers['cache-control'], 'no-store')
  }
})

test('ranges of an original are honoured', async t => {
  const door = await openDoor(t)
  const path = `/api/assets/${door.services.place(content, 'a.mp4', 'video/mp4')}/original`
  const whole = await door.api(path)
  assert.deepEqual([whole.status, whole.headers['accept-ranges'], whole.body], [200, 'bytes', content])
  assert.equal(whole.headers['cache-control'], YEAR)
  const cases: [string, number, string | undefined, Buffer | null][] = [
    ['bytes=0-0', 206, 'bytes 0-0/1000', content.subarray(0, 1)],
    ['bytes=10-19', 206, 'bytes 10-19/1000', content.subarray(10, 20)],
    ['bytes=990-', 206, 'bytes 990-999/1000', content.subarray(990)],
    ['bytes=-5', 206, 'bytes 995-999/1000', content.subarray(995)],
    ['bytes=-5000', 206, 'bytes 0-999/1000', content],
    ['bytes=990-5000', 206, 'bytes 990-999/1000', content.subarray(990)],
    ['bytes=1000-', 416, 'bytes */1000', null],
    ['bytes=-0', 416, 'bytes */1000', null],
    ['bytes=0-0,5-5', 416, 'bytes */1000', null],
    [`bytes=${'0-,'.repeat(1000)}0-`, 416, 'bytes */1000', null],
    ['bytes=9-3', 200, undefined, content],
    ['bytes=x', 200, undefined, content],
    ['seconds=1-2', 200, undefined, content],
  ]
  for (const [range, status, contentRange, bytes] of cases) {
    const answer = await door.api(path, { headers: { range } })
    assert.equal(answer.status, status, range)
    assert.equal(answer.headers['content-range'], contentRange, range)
    if (bytes) assert.deepEqual(answer.body, bytes, range)
    else assert.equal((answer.json() as { code: string }).code, 'bad-range')
  }
  const head = await door.api(path, { method: 'HEAD', headers: { range: 'bytes=10-19' } })
  assert.deepEqual([head.status, head.headers['content-length'], head.body.length], [206, '10', 0])
  const changed = await door.api(path, { headers: { range: 'bytes=0-0', 'if-range': '"other"' } })
  assert.equal(changed.status, 200)
  const unchanged = await door.api(path, { headers: { 'if-none-match': whole.headers.etag ?? '' } })
  assert.equal(unchanged.status, 304)
})

test('HEAD opens no original', async t => {
  const door = await openDoor(t)
  const id = door.services.place(content, 'a.mp4', 'video/mp4')
  const known = await door.services.original(id)
  assert.ok(known)
  door.services.original = async () => ({ ...known, open: () => Promise.reject(new Error('opened')) })
  assert.equal((await door.api(`/api/assets/${id}/original`, { method: 'HEAD' })).status, 200)
  const answer = await door.api(`/api/assets/${id}/original`)
  assert.equal(answer.status, 500)
  assert.deepEqual(answer.json(), {
    code: 'unexpected',
    message: 'Something went wrong inside the node. Its log says more.',
  })
})

test('an original that is shorter or longer than it was breaks the connection instead of passing for whole', async t => {
  const door = await openDoor(t)
  const id = door.services.place(content, 'a.mp4', 'video/mp4')
  const known = await door.services.original(id)
  assert.ok(known)
  for (const bytes of [content.subarray(1), Buffer.concat([content, content])]) {
    door.services.original = async () => ({ ...known, open: async () => Readable.from(bytes, { objectMode: false }) })
    // Found out before the first byte is sent it is an answer, later only the connection can tell.
    // A connection that is to be kept does not end by itself after the answer.
    const headers = { connection: 'keep-alive' }
    const status = await door.api(`/api/assets/${id}/original`, { headers }).then(
      answer => answer.status,
      () => 'broken',
    )
    assert.ok(status === 500 || status === 'broken', String(status))
  }
})

test('nothing that can run is ever shown as a page', async t => {
  const door = await openDoor(t)
  const script = Buffer.from('<script>alert(1)</script>')
  const mimes = [
    'text/html',
    'image/svg+xml',
    'application/xml',
    'application/pdf',
    'text/plain',
    'application/xhtml+xml',
  ]
  for (const mime of [...mimes, 'image/jpeg; charset=x', 'text/html\r\nx: y', '']) {
    const id = door.services.place(Buffer.concat([script, Buffer.from(mime)]), 'page.html', mime)
    for (const path of [`/api/assets/${id}/original`, `/api/assets/${id}/original?download=1`]) {
      const { headers } = await door.api(path)
      assert.equal(headers['content-type'], 'application/octet-stream', mime)
      assert.match(headers['content-disposition'] ?? '', /^attachment;/)
      assert.equal(headers['content-security-policy'], "sandbox; default-src 'none'")
      assert.equal(headers['x-content-type-options'], 'nosniff')
    }
  }
  const id = door.services.place(Buffer.from('c'), 'a.jpg', 'image/jpeg')
  const one = door.services.held.get(id)
  assert.ok(one)
  one.thumbnail = { bytes: script, mime: 'text/html', version: 1 }
  one.preview = { bytes: script, mime: 'image/svg+xml', version: 1 }
  for (const kind of ['thumbnail', 'preview']) {
    const { headers } = await door.api(`/api/assets/${id}/${kind}`)
    assert.equal(headers['content-type'], 'application/octet-stream')
  }
})

test('a name can neither split a header nor leave the download folder', async t => {
  const door = await openDoor(t)
  const name = '../Ärger "1"\r\nset-cookie: a=b 🎉.jpg'
  const id = door.services.place(content, name, 'image/jpeg')
  const shown = await door.api(`/api/assets/${id}/original`)
  assert.match(shown.headers['content-disposition'] ?? '', /^inline; /)
  const saved = await door.api(`/api/assets/${id}/original?download=1`)
  assert.equal(saved.headers['set-cookie'], undefined)
  assert.equal(
    saved.headers['content-disposition'],
    `attachment; filename=".._?rger _1___set-cookie: a=b __.jpg"; filename*=UTF-8''.._%C3%84rger%20%221%22__set-cookie%3A%20a%3Db%20%F0%9F%8E%89.jpg`.replace(
      '?',
      '_',
    ),
  )
})
