// One server of the http bench, in a process of its own: `http-server.ts homeroll|plain|fastify-static FOLDER ASSETS`.
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import Fastify from 'fastify'
import { openNode } from '../node/compose/index.ts'
import { seedMonth } from './http-data.ts'

const [kind, folder = '', assets = '0'] = process.argv.slice(2)
const files = join(folder, 'files')

/** A whole node. */
async function homeroll(): Promise<string> {
  const dataDir = join(folder, 'data')
  await seedMonth(dataDir, Number(assets))
  const node = await openNode({ dataDir, appDir: join(folder, 'app'), port: 0, version: '0.0.0' })
  return node.launchUrl()
}

/** As small as a static server can be in Node and still be one: length, stream, nothing else. */
async function plain(): Promise<string> {
  const server = createServer((request, response) => {
    const path = join(files, (request.url ?? '/').slice(1))
    stat(path).then(
      ({ size }) => {
        response.writeHead(200, { 'content-type': 'image/webp', 'content-length': size })
        createReadStream(path).pipe(response)
      },
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

async function staticFiles(): Promise<string> {
  const app = Fastify()
  await app.register(fastifyStatic, { root: files })
  return `${await app.listen({ host: '127.0.0.1', port: 0 })}/`
}

console.log(await (kind === 'homeroll' ? homeroll() : kind === 'plain' ? plain() : staticFiles()))
