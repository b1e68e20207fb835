// node tests/browser/screenshots.ts [FOLDER]: pictures of a real node's pages with photos of our own making; the README's
// is docs/timeline.png.
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { launchBrowser } from '../helpers/browser.ts'
import { landscape } from '../helpers/landscapes.ts'
import { place, seededRandom } from '../helpers/pictures.ts'
import { root, startNode, temporaryFolder } from '../helpers/start-node.ts'

const out = process.argv[2] ?? 'docs'
const folder = temporaryFolder('screenshots')
const random = seededRandom(42)
const months = [
  { month: '2026:08', photos: 19 },
  { month: '2026:07', photos: 31 },
  { month: '2026:05', photos: 12 },
  { month: '2025:12', photos: 17 },
  { month: '2024:06', photos: 24 },
  { month: '2021:10', photos: 15 },
  { month: '2018:09', photos: 22 },
  { month: '2016:02', photos: 9 },
]
const shapes = [
  [1200, 800],
  [800, 1200],
  [1200, 900],
  [1600, 900],
  [1000, 1000],
] as const

execFileSync(process.execPath, [join(root, 'app/build.ts')], { stdio: 'inherit' })
mkdirSync(out, { recursive: true })
for (const { month, photos } of months) {
  for (let i = 0; i < photos; i++) {
    const [width, height] = shapes[Math.floor(random() * random() * shapes.length)] ?? shapes[0]
    const day = String(28 - Math.floor(i / 3) * 2).padStart(2, '0')
    const takenAt = `${month}:${day} ${String(8 + (i % 12)).padStart(2, '0')}:1${i % 10}:00`
    place(join(folder.path, 'photos', month, `IMG_${i}.jpg`), await landscape(random, width, height, takenAt))
  }
}
const node = await startNode(join(folder.path, 'data'))
await node.post('/setup', { spaceName: 'The Lindqvists', deviceName: 'Kitchen computer', memberName: 'Ada' })
await node.post('/imports', { paths: [join(folder.path, 'photos')], inPlace: true })
await node.get('/idle?timeout=120')
const browser = await launchBrowser()

async function shoot(name: string, options: BrowserContextOptions, act: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options })
  const page = await context.newPage()
  const { url } = await node.post<{ url: string }>('/session/launch')
  await page.goto(url)
  await page.locator('[data-asset] img').first().waitFor()
  await act(page)
  await page.waitForTimeout(800)
  await page.screenshot({ path: join(out, `${name}.png`) })
  await context.close()
}

const desktop: BrowserContextOptions = { viewport: { width: 1440, height: 900 } }
const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }
const nothing = () => Promise.resolve()
await shoot('timeline', desktop, nothing)
if (process.argv[2] !== undefined) {
  await shoot('timeline-dark', { ...desktop, colorScheme: 'dark' }, nothing)
  await shoot('timeline-phone', phone, nothing)
  const open = async (page: Page) => {
    await page.locator('[data-asset] a').nth(2).click()
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('i')
  }
  await shoot('viewer', desktop, open)
  await shoot('viewer-phone', phone, open)
}
await browser.close()
await node.stop()
await folder.remove()
process.exit()
