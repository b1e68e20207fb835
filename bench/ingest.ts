// Ingest of 12-megapixel JPEGs from cold to fully rendered and stored, beside vipsthumbnail making the same two sizes.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { fileURLToPath } from 'node:url'
import type { BucketColumns, ImportProgress, Timeline } from '../shared/schema/index.ts'
import { treeMemory } from './process-tree.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const maker = join(root, '../shared/tools/make-library.mjs')
/** Sound pictures only: the generator stops at a damaged one. */
const sources = join(root, '../shared/media/photos')

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      json: { type: 'boolean', default: false },
      photos: { type: 'string', default: '200' },
      library: { type: 'string' },
      rounds: { type: 'string', default: '1' },
    },
  })
  const library = values.library ?? makeLibrary(Number(values.photos))
  const files = (await readdir(library, { recursive: true, withFileTypes: true }))
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
  const rounds = []
  for (let i = 0; i < Number(values.rounds); i++) {
    const floor = vipsthumbnail(files)
    const ours = await ingest(library, files.length)
    rounds.push({ ...ours, vipsthumbnailPhotosPerSecond: floor, ratio: ours.photosPerSecond / floor })
  }
  const result = { photos: files.length, cores: availableParallelism(), rounds }
  if (values.json) console.log(JSON.stringify(result))
  else {
    console.log(`${files.length} photos, ${result.cores} cores`)
    for (const round of rounds) {
      console.log(
        `ingest ${round.photosPerSecond.toFixed(2)} photos/s, vipsthumbnail ${round.vipsthumbnailPhotosPerSecond.toFixed(2)}: ratio ${round.ratio.toFixed(2)}\n` +
          `  first thumbnail ${round.firstThumbnailSeconds.toFixed(2)} s, all listed ${round.allListedSeconds.toFixed(1)} s, event loop p99 ${round.eventLoopDelayMs.p99} ms (max ${round.eventLoopDelayMs.max}), peak memory ${(round.peakMemoryBytes / 2 ** 20).toFixed(0)} MiB`,
      )
    }
  }
}

function makeLibrary(photos: number): string {
  const folder = join(tmpdir(), `homeroll-bench-library-${photos}`)
  if (existsSync(join(folder, '.complete'))) return join(folder, 'photos')
  if (!existsSync(maker))
    throw new Error('name a folder of photos with --library: the generator is not on this machine')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  console.error(`making ${photos} photos in ${folder}, once`)
  const made = spawnSync(
    process.execPath,
    [maker, '--from', sources, '--out', join(folder, 'photos'), '--photos', String(photos)],
    {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  if (made.status !== 0) throw new Error('the library could not be made')
  mkdirSync(join(folder, '.complete'))
  return join(folder, 'photos')
}

/** Photos a second of vipsthumbnail making both sizes of all files, one process a core, ten files a call. */
function vipsthumbnail(files: string[]): number {
  const out = mkdtempSync(join(tmpdir(), 'homeroll-bench-vips-'))
  const start = performance.now()
  // The same sizes, formats and qualities as our renditions: see node/media/still/renditions.ts.
  const script = `xargs -0 -P ${availableParallelism()} -n 10 sh -c '
    vipsthumbnail "$@" --size x440 -o ${out}/%s-thumb.webp[Q=78,effort=2,strip] &&
    vipsthumbnail "$@" --size 1440x1440 -o ${out}/%s-preview.jpg[Q=82,strip]' sh`
  const done = spawnSync('sh', ['-c', script], {
    input: files.join('\0'),
    env: { ...process.env, VIPS_CONCURRENCY: '1' },
    stdio: ['pipe', 'inherit', 'inherit'],
  })
  const seconds = (performance.now() - start) / 1000
  rmSync(out, { recursive: true, force: true })
  if (done.status !== 0) throw new Error('vipsthumbnail failed: install it (Debian: apt-get install libvips-tools)')
  return files.length / seconds
}

async function ingest(library: string, photos: number) {
  const dataDir = mkdtempSync(join(tmpdir(), 'homeroll-bench-data-'))
  const eventLoopFile = join(dataDir, 'event-loop.json')
  const probe = fileURLToPath(new URL('./event-loop-probe.ts', import.meta.url))
  const child = spawn(
    process.execPath,
    ['--import', probe, join(root, 'node/main.ts'), 'start', '--data', dataDir, '--port', '0', '--no-open', '--json'],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, EVENT_LOOP_FILE: eventLoopFile } },
  )
  try {
    const ready = await new Promise<string>(resolve => createInterface({ input: child.stdout }).once('line', resolve))
    const { apiUrl } = JSON.parse(ready) as { apiUrl: string }
    const token = readFileSync(join(dataDir, 'api-token'), 'utf8').trim()
    const ask = async <T>(path: string, body?: unknown): Promise<T> => {
      const response = await fetch(apiUrl + path, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      return (await response.json()) as T
    }
    child.kill('SIGUSR2')
    let peak = 0
    const memory = setInterval(() => (peak = Math.max(peak, treeMemory(child.pid as number))), 500)
    const start = performance.now()
    const seconds = () => (performance.now() - start) / 1000
    const { id } = await ask<ImportProgress>('/imports', { paths: [library], inPlace: false })
    let firstThumbnail = 0
    let allListed = 0
    for (;;) {
      const { state, files, failures } = await ask<ImportProgress>(`/imports/${id}`)
      if (files.failed > 0) throw new Error(`import failed: ${JSON.stringify(failures.slice(0, 3))}`)
      if (firstThumbnail === 0 && files.rendered > 0 && (await anyReady(ask))) firstThumbnail = seconds()
      if (allListed === 0 && files.done === photos) allListed = seconds()
      if (state === 'done') break
      await new Promise(resolve => setTimeout(resolve, 100))
    }
    const total = seconds()
    clearInterval(memory)
    child.kill('SIGTERM')
    await new Promise(resolve => child.once('exit', resolve))
    return {
      photosPerSecond: photos / total,
      firstThumbnailSeconds: firstThumbnail,
      allListedSeconds: allListed,
      eventLoopDelayMs: JSON.parse(readFileSync(eventLoopFile, 'utf8')) as { p50: number; p99: number; max: number },
      peakMemoryBytes: peak,
    }
  } finally {
    child.kill('SIGKILL')
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function anyReady(ask: <T>(path: string) => Promise<T>): Promise<boolean> {
  const { buckets } = await ask<Timeline>('/timeline')
  for (const { bucket } of buckets) {
    const columns = await ask<BucketColumns>(`/timeline/${bucket}`)
    if (columns.ready.some(Boolean)) return true
  }
  return false
}
