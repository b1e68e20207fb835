import assert from 'node:assert/strict'
import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openDoor } from '../helpers/http-door.ts'

async function builtApp(): Promise<string> {
  const base = await mkdtemp(join(tmpdir(), 'homeroll-app-'))
  const app = join(base, 'dist')
  await mkdir(join(app, 'assets'), { recursive: true })
  await writeFile(join(base, 'secret.txt'), 'secret')
  await writeFile(join(app, 'index.html'), '<!doctype html><title>app</title>')
  await writeFile(join(app, '.env'), 'secret')
  await writeFile(join(app, 'robots.txt'), 'User-agent: *')
  await writeFile(join(app, 'assets', 'index-C0ffee12.js'), 'export {}')
  await symlink(join(base, 'secret.txt'), join(app, 'link.txt'))
  await symlink(base, join(app, 'up'))
  return app
}

test('the page has a strict policy and says nothing to others', async t => {
  const door = await openDoor(t, { appDir: await builtApp() })
  const { status, headers, header, text } = await door.ask('/')
  assert.deepEqual([status, headers['content-type'], text.includes('app')], [200, 'text/html; charset=utf-8', true])
  assert.equal(headers['cache-control'], 'no-cache')
  const policy: unknown = Object.fromEntries(
    header('content-security-policy')
      .split('; ')
      .map(part => [part.split(' ')[0], part.split(' ').slice(1).join(' ')]),
  )
  assert.deepEqual(policy, {
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self'",
    'img-src': "'self' blob: data:",
    'media-src': "'self' blob:",
    'connect-src': "'self'",
    'font-src': "'self'",
    'manifest-src': "'self'",
    'worker-src': "'self'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
  })
  assert.equal(headers['x-frame-options'], 'DENY')
  assert.equal(headers['referrer-policy'], 'no-referrer')
  assert.equal(headers['cross-origin-opener-policy'], 'same-origin')
  assert.match(header('permissions-policy'), /camera=\(\)/)
})

test('every answer forbids guessing its type and being framed', async t => {
  const door = await openDoor(t, { appDir: await builtApp() })
  const answers = [
    await door.ask('/'),
    await door.ask('/robots.txt'),
    await door.ask('/', { headers: { host: 'evil.example' } }),
    await door.ask('/api/status'),
    await door.api('/api/status'),
    await door.api('/api/nothing'),
    await door.api('/api/%zz'),
    await door.api(`/api/assets/${'0'.repeat(500)}`),
    await door.ask('/', { method: 'POST' }),
  ]
  for (const { status, headers, header } of answers) {
    assert.equal(headers['x-content-type-options'], 'nosniff', String(status))
    assert.match(header('content-security-policy'), /frame-ancestors 'none'/, String(status))
    assert.equal(headers['cross-origin-resource-policy'], 'same-origin')
    assert.equal(headers['x-powered-by'], undefined)
  }
})

test('hashed files are kept for ever, unknown addresses are the app, missing files are missing', async t => {
  const door = await openDoor(t, { appDir: await builtApp() })
  const script = await door.ask('/assets/index-C0ffee12.js')
  assert.equal(script.headers['cache-control'], 'public, max-age=31536000, immutable')
  assert.match(script.headers['content-type'] ?? '', /javascript/)
  assert.equal((await door.ask('/robots.txt')).headers['cache-control'], 'no-cache')
  for (const path of ['/trash', '/asset/0', '/a/b/c.d', '/apis']) {
    assert.match((await door.ask(path)).text, /<title>app/, path)
  }
  assert.equal((await door.ask('/assets/gone-C0ffee12.js')).status, 404)
  assert.equal((await door.ask('/', { method: 'HEAD' })).status, 200)
  const wrong = await door.ask('/', { method: 'DELETE' })
  assert.deepEqual([wrong.status, wrong.headers.allow], [405, 'GET, HEAD'])
})

test('nothing outside the folder can be read', async t => {
  const door = await openDoor(t, { appDir: await builtApp() })
  const paths = [
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/assets/../../secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/..%5csecret.txt',
    '/....//secret.txt',
    '//secret.txt',
    '/link.txt',
    '/up/secret.txt',
    '/up/dist/robots.txt',
    '/.env',
    '/%2eenv',
    '/robots.txt%00.html',
    '/robots.txt/',
    '/assets',
    '/etc/passwd',
  ]
  for (const path of paths) {
    const { text, status } = await door.ask(path)
    assert.ok(!text.includes('secret') && !text.includes('root:'), path)
    assert.ok(status < 500, `${path}: ${status}`)
  }
})

test('an app that is not built says how to build it', async t => {
  const door = await openDoor(t)
  const { status, text, headers } = await door.ask('/anything')
  assert.deepEqual([status, headers['cache-control']], [503, 'no-store'])
  assert.match(text, /npm run build/)
})
