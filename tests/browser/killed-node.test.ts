// A real node is killed under an open page: the page says so, keeps what it shows, and catches up by itself.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { launchBrowser } from '../helpers/browser.ts'
import { jpeg, place, seededRandom } from '../helpers/pictures.ts'
import { startNode, temporaryFolder, type TestNode } from '../helpers/start-node.ts'
import { tiles } from './open-app.ts'

const folder = temporaryFolder('killed')
const data = join(folder.path, 'data')
const random = seededRandom(4)
let running: TestNode | undefined
after(async () => {
  await running?.stop()
  await folder.remove()
})

async function takeIn(node: TestNode, name: string, days: number[]): Promise<void> {
  for (const day of days) {
    const takenAt = `2022:0${days.length > 1 ? 6 : 9}:${String(day).padStart(2, '0')} 12:00:00`
    place(join(folder.path, name, `${day}.jpg`), await jpeg(random, { takenAt }))
  }
  await node.post('/imports', { paths: [join(folder.path, name)], inPlace: false })
  await node.get('/idle?timeout=60')
}

test('a page outlives its node', async t => {
  let node = (running = await startNode(data))
  await node.post('/setup', { spaceName: 'The Lindqvists' })
  await takeIn(node, 'before', [1, 2, 3, 4, 5])
  const browser = await launchBrowser()
  t.after(() => browser.close())
  const page = await browser.newPage()
  page.setDefaultTimeout(30_000)
  await page.goto(node.url)
  await tiles(page).nth(4).waitFor()
  await page.evaluate(() => Object.assign(globalThis, { samePage: true }))

  await node.stop('SIGKILL')
  await page.getByText('Not connected. Trying again…').waitFor()
  assert.equal(await tiles(page).count(), 5)

  const { port } = new URL(node.url)
  node = running = await startNode(data, ['--port', port])
  await takeIn(node, 'meanwhile', [9])
  await page.getByRole('heading', { name: 'September 2022' }).waitFor()
  await page.getByText('Not connected. Trying again…').waitFor({ state: 'detached' })
  assert.equal(await tiles(page).count(), 6)
  // What comes from now on arrives as it happens, and changes are let in.
  await takeIn(node, 'after', [10])
  await tiles(page).nth(6).waitFor()
  await tiles(page).first().locator('a').focus()
  await page.keyboard.press('f')
  await page.locator('a[aria-label$="favourite"]').waitFor()
  await page.getByRole('link', { name: 'Favourites' }).click()
  await tiles(page).first().waitFor()
  assert.equal(await page.evaluate(() => (globalThis as { samePage?: boolean }).samePage), true)
})
