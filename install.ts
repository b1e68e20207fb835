// Runs after `npm ci`, with the Node that came with it. npm leaves out parts that are made for this machine (the picture
// library's, the bundler's) where the Node that runs npm itself is older than they ask for, as Debian's is. The Node that
// runs Homeroll is new enough, so npm is asked again under that one.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Locked {
  optional?: boolean
  hasInstallScript?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
}

const root = import.meta.dirname
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, Locked>
}
const { header } = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } }
const libc = process.platform !== 'linux' ? null : header.glibcVersionRuntime ? 'glibc' : 'musl'
const fits = (wanted: string[] | undefined, here: string | null) =>
  wanted === undefined || here === null || wanted.includes(here)

/** What this machine should have; a package with an install script may rightly have failed to install. */
const missing = Object.entries(packages).filter(
  ([path, { optional, hasInstallScript, os, cpu, libc: libcs }]) =>
    optional === true &&
    hasInstallScript !== true &&
    os !== undefined &&
    fits(os, process.platform) &&
    fits(cpu, process.arch) &&
    fits(libcs, libc) &&
    !existsSync(join(root, path)),
)

const npm = process.env.npm_execpath
if (missing.length > 0 && npm !== undefined && process.env.HOMEROLL_INSTALLING === undefined) {
  console.log(`Asking npm again, with Node ${process.version}, for ${missing.length} packages that it left out`)
  const { status } = spawnSync(
    process.execPath,
    [npm, 'install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'],
    { cwd: root, stdio: 'inherit', env: { ...process.env, HOMEROLL_INSTALLING: '1', NODE_NO_WARNINGS: '1' } },
  )
  process.exitCode = status ?? 1
}
