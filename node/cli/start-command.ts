import { once } from 'node:events'
import { openInBrowser } from './open-in-browser.ts'
import type { CliParts, ExitCode, NodeOptions } from './node-handle.ts'

export interface StartOptions extends NodeOptions {
  open: boolean
  json: boolean
}

/** A node that has not closed by then is ended; everything it acknowledged is safe anyway. */
const CLOSE_MS = 9000

/** Runs the node until it is asked to end. */
export async function startCommand(options: StartOptions, parts: CliParts): Promise<ExitCode> {
  const asked = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')])
  // Also while it opens, which takes long where an index is made anew.
  void asked.then(() => setTimeout(() => process.exit(0), CLOSE_MS).unref())
  const node = await parts.openNode(options)
  const url = node.launchUrl()
  if (options.json) {
    const { apiUrl, deviceId } = node
    parts.stdout.write(`${JSON.stringify({ ready: true, url, apiUrl, meshAddrs: [], deviceId })}\n`)
  } else {
    parts.stdout.write(`Homeroll is running. Open it here, once:\n\n  ${url}\n\nPress Ctrl+C to stop.\n`)
  }
  if (options.open && !options.json) openInBrowser(url)
  await asked
  if (!options.json) parts.stderr.write('\nStopping…\n')
  await node.close()
  return 0
}
