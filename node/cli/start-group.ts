import { InvalidArgumentError, Option } from 'commander'
import { resolve } from 'node:path'
import { HomerollError } from '../../shared/errors/index.ts'
import { createApiClient } from './api-client.ts'
import { wholeNumber, WrongUse, type CommandLine, type Flags } from './command-line.ts'
import { openInBrowser } from './open-in-browser.ts'
import { startCommand } from './start-command.ts'

const DEFAULT_PORT = 4114

interface StartFlags extends Flags {
  port?: number
  host?: string
  name?: string
  originals?: string
  open: boolean
}

/** Running the node, and its page. */
export function addStartGroup({ command, parts, dataDirOf, print, setExit }: CommandLine): void {
  const port = wholeNumber(0, 65535)
  command('start', 'run the node (the default)')
    .option('--port <n>', `port of the page, 0 for any free one (default ${DEFAULT_PORT}, env HOMEROLL_PORT)`, port)
    .option('--host <address>', 'address to listen on (default 127.0.0.1: this machine alone)')
    .option('--name <name>', "this device's name")
    .option('--originals <dir>', 'where originals are kept (default <data>/originals); remembered')
    .addOption(new Option('--mesh-port <n>', 'port for other devices').argParser(port).hideHelp())
    .addOption(new Option('--no-mdns', 'do not look for devices on the local network').hideHelp())
    .option('--no-open', 'do not open the browser')
    .action(async (options: StartFlags) => {
      for (const flag of ['host', 'name', 'originals'] as const) {
        if (options[flag]?.trim() === '') throw new WrongUse(`--${flag} must not be empty`)
      }
      setExit(
        await startCommand(
          {
            dataDir: dataDirOf(options),
            port: options.port ?? portOf(parts.env.HOMEROLL_PORT),
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
      if (!found) throw new HomerollError('no-node', 'no node runs on this data folder: start it first')
      const client = createApiClient(found.apiUrl, found.token)
      const { url } = await client.send<{ url: string }>('POST', '/session/launch')
      if (options.json) print({ url })
      else parts.stdout.write(`${url}\n`)
      if (options.browser && !options.json) openInBrowser(url)
    })

  function portOf(text: string | undefined): number {
    if (!text) return DEFAULT_PORT
    try {
      return port(text)
    } catch (thrown) {
      throw thrown instanceof InvalidArgumentError ? new WrongUse(`HOMEROLL_PORT ${thrown.message}`) : thrown
    }
  }
}
