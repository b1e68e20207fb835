import { resolve } from 'node:path'
import type { WatchedFolder } from '../../shared/schema/index.ts'
import type { CommandLine, Flags } from './command-line.ts'
import { createImportCommand } from './import-command.ts'
import { safeText } from './plain-text.ts'

/** Taking things in: once, or as they come. */
export function addIntakeGroup({ program, command, parts, ask, print, setExit }: CommandLine): void {
  const { stdout } = parts
  command('import', 'take files and folders in')
    .argument('<path...>')
    .option('--in-place', 'by reference where they lie, without a copy', false)
    .action(async (paths: string[], options: Flags & { inPlace: boolean }) =>
      setExit(await ask(options, createImportCommand(paths, options, parts))),
    )

  const watch = program.command('watch').description('folders that are taken in as they change').exitOverride()
  command('add', 'watch a folder, in place unless --copy', watch)
    .argument('<path>')
    .option('--copy', 'copy what is in it', false)
    .action(async (path: string, options: Flags & { copy: boolean }) => {
      const body = { path: resolve(path), copy: options.copy }
      const folder = await ask(options, client => client.send<WatchedFolder>('POST', '/watches', body))
      if (options.json) print(folder)
      else stdout.write(`watching ${safeText(folder.path)}\n`)
    })
  command('list', 'the watched folders', watch).action(async (options: Flags) => {
    const list = await ask(options, client => client.get<WatchedFolder[]>('/watches'))
    if (options.json) print(list)
    else for (const { path, state, assets } of list) stdout.write(`${safeText(path)}\t${state}\t${assets}\n`)
  })
  command('remove', 'stop watching a folder; nothing is deleted', watch)
    .argument('<path>')
    .action(async (path: string, options: Flags) => {
      const query = new URLSearchParams({ path: resolve(path) })
      await ask(options, client => client.send('DELETE', `/watches?${query.toString()}`))
      if (options.json) print({ removed: resolve(path) })
    })
}
