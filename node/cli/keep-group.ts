import { resolve } from 'node:path'
import type { VerifyResult } from '../../shared/schema/index.ts'
import type { ApiClient } from './api-client.ts'
import { wholeNumber, type CommandLine, type Flags } from './command-line.ts'
import { safeText } from './plain-text.ts'

interface Exported {
  exported: number
  present: number
  failed: { path: string; message: string }[]
}

/** Keeping what there is: waiting for work to end, checking, copying out, mending the index. */
export function addKeepGroup({ program, command, parts, ask, print, setExit }: CommandLine): void {
  const { stdout, stderr } = parts
  command('idle', 'wait until nothing is left to do')
    .option('--timeout <s>', 'seconds', wholeNumber(0, 1_000_000), 300)
    .action(async (options: Flags & { timeout: number }) => {
      const idle = await ask(options, client => waitIdle(client, options.timeout))
      if (options.json) print({ idle })
      else if (!idle) stderr.write(`homeroll: still busy after ${options.timeout} s\n`)
      setExit(idle ? 0 : 1)
    })

  command('verify', 're-hash every original held')
    .option('--repair', 'mend what can be mended', false)
    .action(async (options: Flags & { repair: boolean }) => {
      const result = await ask(options, client =>
        client.send<VerifyResult>('POST', '/verify', { repair: options.repair }),
      )
      const { checked, corrupt, repaired, missing } = result
      if (options.json) print(result)
      else {
        stdout.write(`${checked} checked, ${corrupt.length} corrupt, ${repaired} repaired, ${missing.length} missing\n`)
        for (const { path } of corrupt) stderr.write(`  corrupt: ${safeText(path)}\n`)
        for (const { path } of missing) stderr.write(`  missing: ${safeText(path)}\n`)
      }
      setExit(corrupt.length + missing.length === 0 ? 0 : 3)
    })

  command('export', 'copy originals and XMP sidecars out, as plain files')
    .argument('<dir>')
    .action(async (dir: string, options: Flags) => {
      const path = resolve(dir)
      const result = await ask(options, client => client.send<Exported>('POST', '/export', { path }))
      const { exported, present, failed } = result
      if (options.json) print(result)
      else {
        stdout.write(`${exported} exported, ${present} there already, ${failed.length} failed\n`)
        for (const { path: name, message } of failed) stderr.write(`  ${safeText(name)}: ${safeText(message)}\n`)
      }
      setExit(failed.length === 0 ? 0 : exported + present > 0 ? 3 : 1)
    })

  const index = program.command('index').description('the index, which has no authority').exitOverride()
  command('rebuild', 'make it anew from the logs', index).action(async (options: Flags) => {
    const result = await ask(options, client => client.send<{ assets: number }>('POST', '/index/rebuild'))
    if (options.json) print(result)
    else stdout.write(`rebuilt: ${result.assets} assets\n`)
  })
}

/** The node answers within a minute each time, so that no request hangs for hours. */
async function waitIdle(client: Pick<ApiClient, 'get'>, seconds: number): Promise<boolean> {
  const until = performance.now() + seconds * 1000
  for (;;) {
    const left = Math.max(0, (until - performance.now()) / 1000)
    const { idle } = await client.get<{ idle: boolean }>(`/idle?timeout=${Math.min(60, Math.ceil(left))}`)
    if (idle || left <= 60) return idle
  }
}
