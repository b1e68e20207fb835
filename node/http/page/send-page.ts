import type { FastifyReply } from 'fastify'
import { HomerollError } from '../../../shared/errors/index.ts'
import { pageHeaders } from '../doors/answer-headers.ts'
import { findAppFile } from './app-files.ts'

const notBuilt = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Homeroll</title>
<h1>The app is not built yet</h1>
<p>The node runs, its pages are missing. Build them once with <code>npm run build</code>, then reload.</p>
</html>
`

/** Answers an address outside the API: a built file of the app, else the app itself, which knows its own addresses. */
export async function sendPage(reply: FastifyReply, appDir: string, path: string): Promise<FastifyReply> {
  const file = await findAppFile(appDir, path)
  // A page in place of a missing script would only hide what is wrong.
  if (!file && path.startsWith('/assets/')) {
    throw new HomerollError('not-found', 'The app has no such file. Reload the page.', { status: 404 })
  }
  const page = file ?? (await findAppFile(appDir, '/index.html'))
  reply.headers(pageHeaders)
  if (!page) {
    return reply.code(503).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(notBuilt)
  }
  reply.header('cache-control', page.hashed ? 'public, max-age=31536000, immutable' : 'no-cache')
  return reply.sendFile(page.path, appDir, { cacheControl: false, dotfiles: 'deny' })
}
