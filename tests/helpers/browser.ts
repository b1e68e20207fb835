import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

/** The Chromium to test with: `CHROMIUM_PATH`, else the system's, else the one that playwright installed. */
export function findChromium(): string | null {
  const named = process.env.CHROMIUM_PATH ?? ''
  const paths = [
    named,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    chromium.executablePath(),
  ]
  return paths.find(path => path !== '' && existsSync(path)) ?? null
}

/** Starts Chromium so that it asks nobody on the network for anything. Throws when there is none. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium()
  if (executablePath === null) throw new Error('No Chromium here: install one, or name it in CHROMIUM_PATH.')
  return chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
