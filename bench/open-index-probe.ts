// A process that has the index open and nothing else: how long that takes and what it costs in memory.
import { setTimeout as wait } from 'node:timers/promises'
import { DatabaseSync } from 'node:sqlite'

const [file, ownDevice] = process.argv.slice(2) as [string, string]
const bareBytes = process.memoryUsage.rss()
const { openIndex } = await import('../node/index/index.ts')

const start = performance.now()
const index = await openIndex({ file, ownDevice, renditionVersion: 1, factsVersion: 2 })
await index.timeline('all')
const openMs = performance.now() - start

const floorStart = performance.now()
const db = new DatabaseSync(file, { readOnly: true })
db.prepare('SELECT count(*) FROM bucket').get()
const floorMs = performance.now() - floorStart
db.close()

await wait(5000)
console.log(JSON.stringify({ openMs, floorMs, bareBytes, idleBytes: process.memoryUsage.rss() }))
await index.close()
