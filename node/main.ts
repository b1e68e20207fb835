#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

const root = new URL('../', import.meta.url)
// Halves the time to start. Beside our own packages, not in a folder for everyone, where others could leave code for us.
enableCompileCache(fileURLToPath(new URL('node_modules/.cache/homeroll', root)))

const { printTo, remarkTo, runCli } = await import('./cli/index.ts')
const { findNode, openNode } = await import('./compose/index.ts')
const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { version: string }
const appDir = fileURLToPath(new URL('app/dist', root))

process.exitCode = await runCli(process.argv.slice(2), {
  version,
  openNode: options => openNode({ ...options, version, appDir }),
  findNode,
  env: process.env,
  stdout: printTo(process.stdout),
  stderr: remarkTo(process.stderr),
})
