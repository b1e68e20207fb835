// The index at 100,000 and more assets: filling, opening, bucket list, month, text search and idle memory.
import { spawnSync } from 'node:child_process'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Timeline } from '../shared/schema/index.ts'
import { applyBesideInsert, cachedDatabase, openBench } from './catalogue-database.ts'
import { DEVICE } from './synthetic-log.ts'
import { measureWholeNode, type WholeNode } from './whole-node.ts'

const APPLIED = 20_000
const QUERIES = [
  'beach',
  'sunset garden',
  'beach 2019',
  'img 1234',
  'iphone',
  'grandm',
  'july 2021',
  'fav',
  'type:video',
]
/** What matches as much as can be: half the library, or a long list of words that begin alike. */
const HARD_QUERIES = ['jpg', 'canon nikon', 'can', 'jpg mov', 'dsc', '2025 jpg apple']

interface Beside {
  ms: number
  floorMs: number
  /** Of the floor's time; below 1 is faster. */
  ratio: number
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { json: { type: 'boolean', default: false }, assets: { type: 'string', default: '100000' } },
  })
  const apply = await applyBesideInsert(APPLIED)
  const sizes = []
  for (const assets of values.assets.split(',').map(Number)) {
    sizes.push({ ...(await measure(assets)), node: await measureWholeNode(assets) })
  }
  if (values.json) return console.log(JSON.stringify({ apply, sizes }))
  console.log(
    `apply ${per(apply.operationsPerSecond)} operations/s (${per(apply.assetsPerSecond)} assets/s), plain inserts of the final rows ${per(apply.plainAssetsPerSecond)} assets/s: ratio ${apply.ratio.toFixed(2)}`,
  )
  for (const size of sizes) print(size)
}

async function measure(assets: number) {
  const { file, fillRate } = await cachedDatabase(assets)
  const opened = probe(file)
  const index = await openBench(file)
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    const { buckets } = JSON.parse(Buffer.from(await index.timeline('all')).toString()) as Timeline
    const bySize = [...buckets].sort((a, b) => a.count - b.count)
    const group = db.prepare(
      'SELECT substr(taken, 1, 7) AS bucket, count(*) FROM timeline WHERE view = 0 GROUP BY bucket',
    )
    const bucketList = beside(
      await time(30, () => index.timeline('all')),
      timeSync(3, () => group.all()),
    )
    const months = []
    for (const month of [bySize[bySize.length >> 1], bySize.at(-1)]) {
      if (!month) throw new Error('the index has no months')
      const rows = db.prepare('SELECT * FROM timeline WHERE view = 0 AND taken >= ? AND taken < ?')
      const ours = await time(20, () => index.bucket('all', month.bucket))
      const raw = timeSync(20, () => rows.all(`${month.bucket}-`, `${month.bucket}.`))
      months.push({ assets: month.count, ...beside(ours, raw) })
    }
    const like = db.prepare('SELECT count(*) FROM asset WHERE state LIKE ?')
    const scan = timeSync(1, () => like.get('%sunset%'))
    const searches = []
    for (const query of [...QUERIES, ...HARD_QUERIES]) {
      const hits = (await index.search(query, 100)).length
      const hard = HARD_QUERIES.includes(query)
      searches.push({ query, hard, hits, ...beside(await time(7, () => index.search(query, 100)), scan) })
    }
    return { assets, fillRate, opened, bucketList, months, searches }
  } finally {
    db.close()
    await index.close()
  }
}

function probe(file: string): { openMs: number; floorMs: number; bareBytes: number; idleBytes: number } {
  const script = fileURLToPath(new URL('./open-index-probe.ts', import.meta.url))
  const child = spawnSync(process.execPath, [script, file, DEVICE], { stdio: ['ignore', 'pipe', 'inherit'] })
  return JSON.parse(child.stdout.toString()) as ReturnType<typeof probe>
}

/** Median, ms. */
async function time(rounds: number, work: () => Promise<unknown>): Promise<number> {
  const spent: number[] = []
  for (let i = 0; i < rounds; i++) {
    const start = performance.now()
    await work()
    spent.push(performance.now() - start)
  }
  return median(spent)
}

function timeSync(rounds: number, work: () => unknown): number {
  const spent = Array.from({ length: rounds }, () => {
    const start = performance.now()
    work()
    return performance.now() - start
  })
  return median(spent)
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

const beside = (ms: number, floorMs: number): Beside => ({ ms, floorMs, ratio: ms / floorMs })
const per = (rate: number) => Math.round(rate).toLocaleString('en')
const shown = ({ ms, floorMs, ratio }: Beside, floor: string) =>
  `${ms.toFixed(2)} ms, ${floor} ${floorMs.toFixed(2)} ms: ratio ${ratio.toFixed(4)}`

type Measured = Awaited<ReturnType<typeof measure>> & { node: WholeNode }

function print({ assets, fillRate, opened, bucketList, months, searches, node }: Measured): void {
  const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`
  console.log(`${per(assets)} assets (filled at ${per(fillRate)} operations/s when it was made)`)
  console.log(`  open ${opened.openMs.toFixed(0)} ms with its threads, SQLite alone ${opened.floorMs.toFixed(1)} ms`)
  console.log(
    `  idle memory of a process with the index alone ${mib(opened.idleBytes)}, bare node ${mib(opened.bareBytes)}`,
  )
  console.log(
    `  whole node: ready in ${node.openMs.toFixed(0)} ms from the command, first bucket list ${node.bucketListMs.toFixed(0)} ms, at rest ${mib(node.idleBytes)} (bare node ${mib(node.bareBytes)})`,
  )
  console.log(`  bucket list ${shown(bucketList, 'GROUP BY')}`)
  for (const month of months) console.log(`  month of ${per(month.assets)} ${shown(month, 'raw rows')}`)
  for (const search of searches)
    console.log(
      `  ${search.hard ? 'hard search' : 'search'} "${search.query}" (${search.hits}) ${shown(search, 'LIKE scan')}`,
    )
}
