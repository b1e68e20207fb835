// Builds the app into app/dist, only when something that it is made from has changed.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const project = fileURLToPath(new URL('..', import.meta.url))
const dist = join(project, 'app/dist')
const stamp = join(dist, '.stamp')

/** Names and content of everything that goes into the app. */
function sourcesHash(): string {
  const hash = createHash('sha256')
  const add = (path: string): void => {
    hash.update(relative(project, path)).update('\0').update(readFileSync(path)).update('\0')
  }
  for (const room of ['app', 'shared']) {
    const found = readdirSync(join(project, room), { recursive: true, withFileTypes: true })
    const paths = found.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
    for (const path of paths.sort()) if (!path.startsWith(dist)) add(path)
  }
  add(join(project, 'package-lock.json'))
  return hash.digest('hex')
}

function stampedHash(): string | null {
  try {
    return readFileSync(stamp, 'utf8')
  } catch {
    return null
  }
}

/** Builds beside the old app and puts it in place whole, so that nobody is ever served half of one. */
async function build(wanted: string): Promise<void> {
  const fresh = join(project, `app/dist.${process.pid}`)
  const old = `${fresh}.old`
  try {
    const { build: viteBuild } = await import('vite')
    const { default: config } = await import('./vite.config.ts')
    await viteBuild({ ...config, build: { ...config.build, outDir: fresh } })
    writeFileSync(join(fresh, '.stamp'), wanted)
    if (existsSync(dist)) renameSync(dist, old)
    renameSync(fresh, dist)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
    rmSync(old, { recursive: true, force: true })
  }
}

const wanted = sourcesHash()
if (stampedHash() !== wanted) {
  try {
    await build(wanted)
  } catch (error) {
    console.error(`The app could not be built: ${error instanceof Error ? error.message : String(error)}`)
    // Somebody else may have built the same at the same time, and been quicker.
    process.exitCode = stampedHash() === wanted ? 0 : 1
  }
}
