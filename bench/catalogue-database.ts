import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { LogBlock } from '../node/catalogue/index.ts'
import { openIndex, type AssetIndex } from '../node/index/index.ts'
import { DEVICE, OPERATIONS_PER_ASSET, syntheticLog } from './synthetic-log.ts'

/** Blocks of one call to `apply`, as catching up from a log has them. */
const BATCH = 64

export const openBench = (file: string): Promise<AssetIndex> =>
  openIndex({ file, ownDevice: DEVICE, renditionVersion: 1, factsVersion: 2 })

/** Fills an index from a synthetic log; operations a second, counting only the time spent in `apply`. */
async function fill(index: AssetIndex, assets: number): Promise<number> {
  let batch: LogBlock[] = []
  let seq = 0
  let spent = 0
  const apply = async () => {
    const start = performance.now()
    await index.apply(batch, Date.now())
    spent += performance.now() - start
    batch = []
  }
  for (const block of syntheticLog(assets)) {
    batch.push({ device: DEVICE, seq: seq++, block })
    if (batch.length === BATCH) await apply()
  }
  if (batch.length > 0) await apply()
  return (assets * OPERATIONS_PER_ASSET * 1000) / spent
}

/** An index of that many assets, made once and kept; with the rate at which it was filled. */
export async function cachedDatabase(assets: number): Promise<{ file: string; fillRate: number }> {
  const folder = join(tmpdir(), `homeroll-bench-catalogue-${assets}`)
  const file = join(folder, 'index.sqlite')
  const figures = join(folder, 'filled.json')
  if (existsSync(figures)) {
    const index = await openBench(file)
    const { assets: held } = await index.totals()
    await index.close()
    const { fillRate } = JSON.parse(readFileSync(figures, 'utf8')) as { fillRate: number }
    if (held === assets) return { file, fillRate }
  }
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  console.error(`filling an index of ${assets} assets in ${folder}, once`)
  const index = await openBench(file)
  const fillRate = await fill(index, assets)
  await index.close()
  writeFileSync(figures, JSON.stringify({ fillRate }))
  return { file, fillRate }
}

/** Fills a small index and, as the floor, inserts the rows that it ends with into plain tables, in as many transactions. */
export async function applyBesideInsert(assets: number) {
  const folder = join(tmpdir(), `homeroll-bench-apply-${process.pid}`)
  mkdirSync(folder, { recursive: true })
  try {
    const file = join(folder, 'index.sqlite')
    const index = await openBench(file)
    const operationsPerSecond = await fill(index, assets)
    await index.close()
    const plain = insertPlainly(file, join(folder, 'plain.sqlite'), assets)
    const assetsPerSecond = operationsPerSecond / OPERATIONS_PER_ASSET
    return { operationsPerSecond, assetsPerSecond, plainAssetsPerSecond: plain, ratio: assetsPerSecond / plain }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function insertPlainly(from: string, to: string, assets: number): number {
  const source = new DatabaseSync(from, { readOnly: true })
  const target = new DatabaseSync(to)
  target.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  const tables = ['asset', 'timeline', 'custody'].map(table => {
    const [row] = source.prepare('SELECT sql FROM sqlite_schema WHERE name = ?').all(table) as { sql: string }[]
    target.exec(row?.sql ?? '')
    const read = source.prepare(`SELECT * FROM ${table}`)
    read.setReturnArrays(true)
    const rows = read.all() as unknown as (string | number | null)[][]
    const insert = target.prepare(`INSERT INTO ${table} VALUES (${(rows[0] ?? []).map(() => '?').join(', ')})`)
    return { rows, insert }
  })
  const step = Math.ceil((BATCH * 50) / OPERATIONS_PER_ASSET)
  const start = performance.now()
  for (let at = 0; at < assets; at += step) {
    target.exec('BEGIN')
    for (const { rows, insert } of tables) for (const row of rows.slice(at, at + step)) insert.run(...row)
    target.exec('COMMIT')
  }
  const seconds = (performance.now() - start) / 1000
  target.close()
  source.close()
  return assets / seconds
}
