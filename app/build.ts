// Builds the app into app/dist, only when something that it is made from has changed.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const project = fileURLToPath(new URL('..', import.meta.url))
const stamp = join(project, 'app/dist/.stamp')

/** Names and content of everything that goes into the app. */
function sourcesHash(): string {
  const hash = createHash('sha256')
  const add = (path: string): void => {
    hash.update(relative(project, path)).update('\0').update(readFileSync(path)).update('\0')
  }
  for (const room of ['app', 'shared']) {
    const found = readdirSync(join(project, room), { recursive: true, withFileTypes: true })
    const paths = found.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
    for (const path of paths.sort()) if (!path.startsWith(join(project, 'app/dist'))) add(path)
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

const wanted = sourcesHash()
if (stampedHash() !== wanted) {
  try {
    const { build } = await import('vite')
    const { default: config } = await import('./vite.config.ts')
    await build(config)
    writeFileSync(stamp, wanted)
  } catch (error) {
    console.error(`The app could not be built: ${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = 1
  }
}
