#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runCli } from './cli/index.ts'
import { findNode, openNode } from './compose/index.ts'

const root = new URL('../', import.meta.url)
const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { version: string }
const appDir = fileURLToPath(new URL('app/dist', root))

process.exitCode = await runCli(process.argv.slice(2), {
  version,
  openNode: options => openNode({ ...options, version, appDir }),
  findNode,
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
})
