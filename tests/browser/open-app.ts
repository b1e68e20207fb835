import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { launchBrowser } from '../helpers/browser.ts'
import { type MockNode, type MockOptions, startMockNode } from './mock-node/mock-node.ts'

const build = fileURLToPath(new URL('../../app/build.ts', import.meta.url))
let browser: Promise<Browser> | undefined

/** The one browser of a test file, with the app built. */
function sharedBrowser(): Promise<Browser> {
  browser ??= (async () => {
    await promisify(execFile)(process.execPath, [build])
    return launchBrowser()
  })()
  return browser
}

/** To be called after the last test of a file. */
export async function closeBrowser(): Promise<void> {
  await (await browser)?.close()
}

export const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }

interface Opened {
  node: MockNode
  page: Page
}

/**
 * A mock node and a page signed in to it. When the test ends, the page must have asked no other host for anything and
 * must not have broken the policy of the page or thrown.
 */
export async function openApp(
  t: TestContext,
  options: MockOptions & { path?: string; context?: BrowserContextOptions; signedOut?: boolean } = {},
): Promise<Opened> {
  const node = await startMockNode(options)
  const context = await (
    await sharedBrowser()
  ).newContext({
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
    ...options.context,
  })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const complaints: string[] = []
  page.on('pageerror', error => complaints.push(`thrown: ${error.message}`))
  page.on('console', message => {
    // A refused or cut request is what some tests are about; the app must cope, and the browser logs it.
    if (message.type() === 'error' && !/Failed to load resource|net::ERR/.test(message.text())) {
      complaints.push(message.text())
    }
  })
  page.on('request', request => {
    if (!/^(blob|data):/.test(request.url()) && new URL(request.url()).origin !== node.url) {
      complaints.push(`asked another host: ${request.url()}`)
    }
  })
  t.after(async () => {
    await context.close()
    await node.close()
    assert.deepEqual(complaints, [])
  })
  const path = options.path ?? '/'
  await page.goto(`${node.url}${path}${options.signedOut ? '' : `#token=${node.token}`}`)
  return { node, page }
}

/** Fails with what axe finds wrong with the page as it is, by all rules or by the named ones. */
export async function assertAccessible(page: Page, where: string, rules?: string[]): Promise<void> {
  const axe = new AxeBuilder({ page })
  const { violations } = await (rules ? axe.withRules(rules) : axe).analyze()
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(one => one.html.slice(0, 160)).join(' | ')}`)
  assert.deepEqual(told, [], where)
}

/** The tiles on the page. */
export const tiles = (page: Page): ReturnType<Page['locator']> => page.locator('[data-asset]')
