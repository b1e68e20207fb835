import assert from 'node:assert/strict'
import { cp, mkdtemp, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { listen } from '../helpers/event-stream.ts'
import { openDoor, type TestDoor } from '../helpers/http-door.ts'

const DAY = 24 * 3600_000
const tokenOf = (launchUrl: string) => new URL(launchUrl).hash.replace('#token=', '')
const exchange = (door: TestDoor, token: string, headers: Record<string, string> = {}) =>
  door.ask('/api/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ token }),
  })

test('a launch token lets one browser in, once', async t => {
  const door = await openDoor(t)
  const launchUrl = door.http.launchUrl()
  // In the fragment: it reaches no server and no log.
  assert.match(launchUrl, /^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/)
  const answer = await exchange(door, tokenOf(launchUrl))
  assert.equal(answer.status, 200)
  const [setCookie = ''] = answer.headers['set-cookie'] ?? []
  const attributes = setCookie.split('; ').slice(1)
  assert.deepEqual(attributes, ['Path=/', 'HttpOnly', 'SameSite=Strict', 'Max-Age=2592000'])
  assert.ok(setCookie.startsWith(`${door.cookieName}=`))
  assert.equal((await exchange(door, tokenOf(launchUrl))).status, 401)
})

test('a launch token is worth nothing after ten minutes', async t => {
  let now = Date.UTC(2026, 0, 1)
  const door = await openDoor(t, { now: () => now })
  const [first, second] = [tokenOf(door.http.launchUrl()), tokenOf(door.http.launchUrl())]
  now += 10 * 60_000
  assert.equal((await exchange(door, first)).status, 200)
  now += 1
  assert.equal((await exchange(door, second)).status, 401)
})

test('the API token signs a browser in too; after ten wrong ones nothing does for a minute', async t => {
  let now = Date.UTC(2026, 0, 1)
  const door = await openDoor(t, { now: () => now })
  assert.equal((await exchange(door, door.token)).status, 200)
  for (let i = 0; i < 10; i++) assert.equal((await exchange(door, `wrong-${i}`)).status, 401)
  assert.equal((await exchange(door, 'wrong')).status, 429)
  assert.equal((await exchange(door, door.token)).status, 429)
  now += 60_001
  assert.equal((await exchange(door, door.token)).status, 200)
})

test('another page cannot sign a browser in', async t => {
  const door = await openDoor(t)
  assert.equal((await exchange(door, door.token, { origin: 'http://evil.example' })).status, 403)
  assert.equal((await exchange(door, door.token, { 'sec-fetch-site': 'cross-site' })).status, 403)
})

test('a change needs the cookie, the CSRF header and our own page', async t => {
  const door = await openDoor(t)
  const own = await door.signIn()
  const id = door.services.place(Buffer.from('a'), 'a.jpg', 'image/jpeg')
  const change = (headers: Record<string, string>) =>
    door.ask('/api/assets', {
      method: 'PATCH',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ ids: [id], set: { favourite: true } }),
    })
  const { cookie, origin } = own
  const csrf = own['x-homeroll-csrf']
  assert.equal((await change(own)).status, 200)
  assert.equal((await change({ cookie, origin, 'x-homeroll-csrf': csrf })).status, 200)
  assert.equal((await change({ cookie, 'sec-fetch-site': 'same-origin', 'x-homeroll-csrf': csrf })).status, 200)
  const refused: Record<string, Record<string, string>> = {
    'no CSRF header': { cookie, origin },
    'a wrong CSRF header': { cookie, origin, 'x-homeroll-csrf': `${csrf.slice(1)}0` },
    'a foreign origin': { ...own, origin: 'http://evil.example' },
    'an origin of nowhere': { ...own, origin: 'null' },
    'our origin on another port': { ...own, origin: `http://127.0.0.1:${door.http.port + 1}` },
    'our origin over https': { ...own, origin: origin.replace('http:', 'https:') },
    'another site': { ...own, 'sec-fetch-site': 'cross-site' },
    'another port of this machine': { ...own, 'sec-fetch-site': 'same-site' },
    'no word about the page': { cookie, 'x-homeroll-csrf': csrf },
    'typed by hand': { cookie, 'sec-fetch-site': 'none', 'x-homeroll-csrf': csrf },
  }
  for (const [what, headers] of Object.entries(refused)) assert.equal((await change(headers)).status, 403, what)
  assert.equal(door.services.changes.length, 3)
})

test('another page sees no picture through the cookie, and a foreign page nothing even with the token', async t => {
  const door = await openDoor(t)
  const { cookie } = await door.signIn()
  const id = door.services.place(Buffer.from('a'), 'a.jpg', 'image/jpeg')
  const path = `/api/assets/${id}/thumbnail`
  const asked = async (headers: Record<string, string>) =>
    (await door.ask(path, { headers: { cookie, ...headers } })).status
  assert.equal(await asked({ 'sec-fetch-site': 'same-origin' }), 200)
  assert.equal(await asked({ 'sec-fetch-site': 'cross-site' }), 403)
  assert.equal(await asked({ 'sec-fetch-site': 'same-site' }), 403)
  assert.equal((await door.api(path, { headers: { origin: 'http://evil.example' } })).status, 403)
  assert.equal((await door.ask('/', { headers: { origin: 'http://evil.example' } })).status, 403)
  const answer = await door.api(path)
  assert.equal(answer.headers['cross-origin-resource-policy'], 'same-origin')
  const preflight = await door.ask(path, { method: 'OPTIONS', headers: { origin: 'http://evil.example' } })
  assert.equal(preflight.status, 403)
  for (const { headers } of [answer, preflight]) {
    assert.deepEqual(
      Object.keys(headers).filter(name => name.startsWith('access-control-')),
      [],
    )
  }
})

test('a session survives a restart, its file tells no secret, and it ends after 30 days without use', async t => {
  let now = Date.UTC(2026, 0, 1)
  const first = await openDoor(t, { now: () => now })
  const { cookie, 'x-homeroll-csrf': csrf } = await first.signIn()
  const file = join(first.dataDir, 'sessions.json')
  assert.equal((await stat(file)).mode & 0o777, 0o600)
  const [, secret = ''] = cookie.split('=')
  const text = await readFile(file, 'utf8')
  assert.ok(secret.length === 43 && !text.includes(secret) && !text.includes(csrf))

  const dataDir = await mkdtemp(join(tmpdir(), 'homeroll-http-'))
  await cp(first.dataDir, dataDir, { recursive: true })
  const second = await openDoor(t, { now: () => now, dataDir })
  const ask = () => second.ask('/api/session', { headers: { cookie: `${second.cookieName}=${secret}` } })
  now += 30 * DAY
  const answer = await ask()
  assert.equal(answer.status, 200)
  assert.deepEqual(answer.json(), { csrf })
  now += 30 * DAY
  assert.equal((await ask()).status, 200)
  now += 30 * DAY + 1
  assert.equal((await ask()).status, 401)
})

test('signing out ends the session and its events', async t => {
  const door = await openDoor(t)
  const own = await door.signIn()
  const events = await listen(door, { cookie: own.cookie })
  assert.equal((await events.next())?.type, 'status')
  const answer = await door.ask('/api/session', { method: 'DELETE', headers: own })
  assert.equal(answer.status, 204)
  assert.match(answer.headers['set-cookie']?.[0] ?? '', /=; .*Max-Age=0$/)
  assert.equal(await events.next(), null)
  assert.equal((await door.ask('/api/session', { headers: { cookie: own.cookie } })).status, 401)
})

test('sessions that cannot be read are forgotten, not fatal', async t => {
  const dataDir = await mkdtemp(join(tmpdir(), 'homeroll-http-'))
  await writeFile(join(dataDir, 'sessions.json'), '{"version":1,"sessions":[{"hash":"')
  const door = await openDoor(t, { dataDir })
  const { cookie } = await door.signIn()
  assert.equal((await door.ask('/api/session', { headers: { cookie } })).status, 200)
})

test('only a script may ask for a launch address', async t => {
  const door = await openDoor(t)
  assert.equal((await door.ask('/api/session/launch', { method: 'POST', headers: await door.signIn() })).status, 403)
  const { url } = (await door.api('/api/session/launch', { method: 'POST' })).json() as { url: string }
  assert.equal((await exchange(door, tokenOf(url))).status, 200)
  assert.equal((await door.api('/api/session')).status, 401)
})
