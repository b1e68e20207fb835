import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { errorCode, errorMessage } from '../../shared/errors/index.ts'
import type { SearchHit, Status, VerifyResult, WatchedFolder } from '../../shared/schema/index.ts'
import { importCommand } from './import-command.ts'
import type { CliParts, ExitCode } from './node-handle.ts'
import { openInBrowser } from './open-in-browser.ts'
import { assetLine, statusText } from './plain-text.ts'
import { startCommand } from './start-command.ts'
import { withNode } from './with-node.ts'

const DEFAULT_PORT = 4114

/** Flags that every command has. */
interface Flags {
  data?: string
  json: boolean
}
interface StartFlags extends Flags {
  port?: number
  host?: string
  name?: string
  originals?: string
  open: boolean
}

/** Runs one command line (without the program's own name) and resolves with the exit code. */
export async function runCli(argv: string[], parts: CliParts): Promise<ExitCode> {
  let exit: ExitCode = 0
  const json = argv.includes('--json')
  const program = buildProgram(parts, code => (exit = code))
  try {
    await program.parseAsync(argv.length === 0 ? ['start'] : argv, { from: 'user' })
    return exit
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2
    const code = errorCode(thrown)
    parts.stderr.write(`homeroll: ${errorMessage(thrown)}\n`)
    if (json) parts.stdout.write(`${JSON.stringify({ code, message: errorMessage(thrown) })}\n`)
    return code === 'bad-path' || code === 'bad-request' ? 2 : 1
  }
}

function wholeNumber(low: number, high: number) {
  return (text: string): number => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= low && value <= high) return value
    throw new InvalidArgumentError(`must be a whole number from ${low} to ${high}`)
  }
}

function buildProgram(parts: CliParts, setExit: (code: ExitCode) => void): Command {
  const { env, stdout, stderr } = parts
  const dataDirOf = (options: { data?: string }) =>
    resolve(options.data ?? env.HOMEROLL_DATA ?? join(homedir(), '.homeroll'))
  const print = (value: unknown) => stdout.write(`${JSON.stringify(value)}\n`)

  const program = new Command('homeroll')
    .description("Your family's camera roll, kept by your family's own devices.")
    .version(parts.version)
    .exitOverride()
    .configureOutput({ writeOut: text => stdout.write(text), writeErr: text => stderr.write(text) })
    .enablePositionalOptions()
    .showHelpAfterError('(add --help to see how it is used)')
  const command = (spec: string, what: string, under: Command = program) =>
    under
      .command(spec)
      .description(what)
      .option('--data <dir>', 'where Homeroll keeps its data (default ~/.homeroll, env HOMEROLL_DATA)')
      .option('--json', 'print JSON alone on standard output', false)
      .exitOverride()

  command('start', 'run the node (the default)')
    .option(
      '--port <n>',
      `port of the page, 0 for any free one (default ${DEFAULT_PORT}, env HOMEROLL_PORT)`,
      wholeNumber(0, 65535),
    )
    .option('--host <address>', 'address to listen on (default 127.0.0.1: this machine alone)')
    .option('--name <name>', "this device's name")
    .option('--originals <dir>', 'where originals are kept (default <data>/originals)')
    .addOption(new Option('--mesh-port <n>', 'port for other devices').argParser(wholeNumber(0, 65535)).hideHelp())
    .addOption(new Option('--no-mdns', 'do not look for devices on the local network').hideHelp())
    .option('--no-open', 'do not open the browser')
    .action(async (options: StartFlags) => {
      const port = options.port ?? wholeNumber(0, 65535)(env.HOMEROLL_PORT ?? String(DEFAULT_PORT))
      setExit(
        await startCommand(
          {
            dataDir: dataDirOf(options),
            port,
            open: options.open,
            json: options.json,
            ...(options.host === undefined ? {} : { host: options.host }),
            ...(options.name === undefined ? {} : { name: options.name }),
            ...(options.originals === undefined ? {} : { originalsDir: resolve(options.originals) }),
          },
          parts,
        ),
      )
    })

  command('open', 'open the page of the running node in the browser')
    .option('--no-browser', 'only print the address')
    .action(async (options: Flags & { browser: boolean }) => {
      const found = await parts.findNode(dataDirOf(options))
      if (!found) throw new Error('no node runs on this data folder: start it first')
      const { url } = await withNode(parts, dataDirOf(options), client =>
        client.send<{ url: string }>('POST', '/session/launch'),
      )
      if (options.json) print({ url })
      else stdout.write(`${url}\n`)
      if (options.browser && !options.json) openInBrowser(url)
    })

  command('import', 'take files and folders in')
    .argument('<path...>')
    .option('--in-place', 'by reference where they lie, without a copy', false)
    .action(async (paths: string[], options: Flags & { inPlace: boolean }) =>
      setExit(await withNode(parts, dataDirOf(options), client => importCommand(client, paths, options, parts))),
    )

  const watch = program.command('watch').description('folders that are taken in as they change').exitOverride()
  command('add', 'watch a folder, in place unless --copy', watch)
    .argument('<path>')
    .option('--copy', 'copy what is in it', false)
    .action(async (path: string, options: Flags & { copy: boolean }) => {
      const body = { path: resolve(path), copy: options.copy }
      const folder = await withNode(parts, dataDirOf(options), client =>
        client.send<WatchedFolder>('POST', '/watches', body),
      )
      if (options.json) print(folder)
      else stdout.write(`watching ${folder.path}\n`)
    })
  command('list', 'the watched folders', watch).action(async (options: Flags) => {
    const list = await withNode(parts, dataDirOf(options), client => client.get<WatchedFolder[]>('/watches'))
    if (options.json) print(list)
    else for (const { path, state, assets } of list) stdout.write(`${path}\t${state}\t${assets}\n`)
  })
  command('remove', 'stop watching a folder; nothing is deleted', watch)
    .argument('<path>')
    .action(async (path: string, options: Flags) => {
      const query = new URLSearchParams({ path: resolve(path) })
      await withNode(parts, dataDirOf(options), client => client.send('DELETE', `/watches?${query.toString()}`))
      if (options.json) print({ removed: resolve(path) })
    })

  command('assets', 'every asset, one a line').action(async (options: Flags) => {
    await withNode(parts, dataDirOf(options), async client => {
      for await (const line of client.lines('/assets')) {
        stdout.write(options.json ? `${line}\n` : `${assetLine(JSON.parse(line) as SearchHit)}\n`)
      }
    })
  })

  command('search', 'ranked assets')
    .argument('<query...>')
    .option('--limit <n>', 'at most this many', wholeNumber(1, 1000), 50)
    .action(async (words: string[], options: Flags & { limit: number }) => {
      const query = new URLSearchParams({ q: words.join(' '), limit: String(options.limit) })
      const hits = await withNode(parts, dataDirOf(options), client =>
        client.get<SearchHit[]>(`/search?${query.toString()}`),
      )
      for (const hit of hits) stdout.write(options.json ? `${JSON.stringify(hit)}\n` : `${assetLine(hit)}\n`)
    })

  command('status', 'how things stand').action(async (options: Flags) => {
    const status = await withNode(parts, dataDirOf(options), client => client.get<Status>('/status'))
    if (options.json) print(status)
    else stdout.write(statusText(status))
  })

  command('idle', 'wait until nothing is left to do')
    .option('--timeout <s>', 'seconds', wholeNumber(0, 1_000_000), 300)
    .action(async (options: Flags & { timeout: number }) => {
      const idle = await withNode(parts, dataDirOf(options), client => waitIdle(client, options.timeout))
      if (options.json) print({ idle })
      else if (!idle) stderr.write(`homeroll: still busy after ${options.timeout} s\n`)
      setExit(idle ? 0 : 1)
    })

  command('verify', 're-hash every original held')
    .option('--repair', 'mend what can be mended', false)
    .action(async (options: Flags & { repair: boolean }) => {
      const result = await withNode(parts, dataDirOf(options), client =>
        client.send<VerifyResult>('POST', '/verify', { repair: options.repair }),
      )
      const { checked, corrupt, repaired, missing } = result
      if (options.json) print(result)
      else {
        stdout.write(`${checked} checked, ${corrupt.length} corrupt, ${repaired} repaired, ${missing.length} missing\n`)
        for (const { path } of corrupt) stderr.write(`  corrupt: ${path}\n`)
        for (const { path } of missing) stderr.write(`  missing: ${path}\n`)
      }
      setExit(corrupt.length + missing.length === 0 ? 0 : 3)
    })

  command('export', 'copy originals and XMP sidecars out, as plain files')
    .argument('<dir>')
    .action(async (dir: string, options: Flags) => {
      const result = await withNode(parts, dataDirOf(options), client =>
        client.send<{ exported: number; present: number; failed: { path: string; message: string }[] }>(
          'POST',
          '/export',
          { path: resolve(dir) },
        ),
      )
      if (options.json) print(result)
      else {
        stdout.write(`${result.exported} exported, ${result.present} there already, ${result.failed.length} failed\n`)
        for (const { path, message } of result.failed) stderr.write(`  ${path}: ${message}\n`)
      }
      setExit(result.failed.length === 0 ? 0 : result.exported + result.present > 0 ? 3 : 1)
    })

  const index = program.command('index').description('the index, which has no authority').exitOverride()
  command('rebuild', 'make it anew from the logs', index).action(async (options: Flags) => {
    const result = await withNode(parts, dataDirOf(options), client =>
      client.send<{ assets: number }>('POST', '/index/rebuild'),
    )
    if (options.json) print(result)
    else stdout.write(`rebuilt: ${result.assets} assets\n`)
  })
  return program
}

/** The node answers within a minute each time, so that no request hangs for hours. */
async function waitIdle(client: { get<T>(path: string): Promise<T> }, seconds: number): Promise<boolean> {
  const until = performance.now() + seconds * 1000
  for (;;) {
    const left = Math.max(0, (until - performance.now()) / 1000)
    const { idle } = await client.get<{ idle: boolean }>(`/idle?timeout=${Math.min(60, Math.ceil(left))}`)
    if (idle || left <= 60) return idle
  }
}
