import type { AssetRecord, SearchHit, Status } from '../../shared/schema/index.ts'
import { wholeNumber, type CommandLine, type Flags } from './command-line.ts'
import { assetLine, statusText } from './plain-text.ts'

/** Looking at what there is. */
export function addLookGroup({ command, parts, ask, print }: CommandLine): void {
  const { stdout } = parts
  command('assets', 'every asset, one a line').action(async (options: Flags) => {
    await ask(options, async client => {
      for await (const line of client.lines('/assets')) {
        stdout.write(options.json ? `${line}\n` : `${assetLine(JSON.parse(line) as AssetRecord)}\n`)
      }
    })
  })

  command('search', 'ranked assets')
    .argument('<query...>')
    .option('--limit <n>', 'at most this many', wholeNumber(1, 1000), 50)
    .action(async (words: string[], options: Flags & { limit: number }) => {
      const query = new URLSearchParams({ q: words.join(' '), limit: String(options.limit) })
      const hits = await ask(options, client => client.get<SearchHit[]>(`/search?${query.toString()}`))
      for (const hit of hits) stdout.write(options.json ? `${JSON.stringify(hit)}\n` : `${assetLine(hit)}\n`)
    })

  command('status', 'how things stand').action(async (options: Flags) => {
    const status = await ask(options, client => client.get<Status>('/status'))
    if (options.json) print(status)
    else stdout.write(statusText(status))
  })
}
