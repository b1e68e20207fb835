// The whole story on one device: a real node, a real folder, a real browser.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { AssetRecord } from '../../shared/schema/index.ts'
import { launchBrowser } from '../helpers/browser.ts'
import { jpeg, place, seededRandom } from '../helpers/pictures.ts'
import { homeroll, startNode, temporaryFolder, type TestNode } from '../helpers/start-node.ts'
import { assertAccessible, tiles } from './open-app.ts'

const PHOTOS = 18
const folder = temporaryFolder('story')
const home = join(folder.path, 'home')
const pictures = join(home, 'Pictures', 'Summer')
const data = join(folder.path, 'data')
const random = seededRandom(21)
const complaints: string[] = []
let browser: Browser
let context: BrowserContext
let page: Page
let node: TestNode

before(async () => {
  for (let i = 0; i < PHOTOS; i++) {
    const path = join(pictures, `IMG_${i}.jpg`)
    place(
      path,
      await jpeg(random, { width: 600, height: i % 3 === 0 ? 800 : 400, takenAt: `2019:07:${10 + i} 12:00:00` }),
    )
    utimesSync(path, new Date(2020, 1, 1), new Date(2020, 1, 1))
  }
  node = await startNode(data, [], { HOME: home })
  browser = await launchBrowser()
  context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' })
  page = await newPage()
})
after(async () => {
  await browser.close()
  await node.stop()
  await folder.remove()
})

async function newPage(): Promise<Page> {
  const opened = await context.newPage()
  opened.setDefaultTimeout(30_000)
  opened.on('pageerror', error => complaints.push(`thrown: ${error.message}`))
  opened.on('console', message => {
    if (message.type() === 'error' && !/Failed to load resource|net::ERR/.test(message.text())) {
      complaints.push(message.text())
    }
  })
  opened.on('request', request => {
    if (/^(blob|data):/.test(request.url())) return
    if (new URL(request.url()).hostname !== '127.0.0.1') complaints.push(`asked another host: ${request.url()}`)
  })
  return opened
}

async function assets(): Promise<AssetRecord[]> {
  const response = await fetch(`${node.apiUrl}/assets`, { headers: { authorization: `Bearer ${node.token}` } })
  const lines = (await response.text()).split('\n').filter(line => line !== '')
  return lines.map(line => JSON.parse(line) as AssetRecord)
}

/** Waits until every tile on the page, some at least, really shows its picture; rows far away are not on the page. */
async function painted(): Promise<void> {
  await page.waitForFunction(() => {
    const shown = [...document.querySelectorAll('[data-asset]')].map(tile => tile.querySelector('img'))
    return shown.length >= 10 && shown.every(image => image?.complete && image.naturalWidth > 0)
  })
}

test('the cards of the first run take a folder in, in place, and the timeline fills', async () => {
  await page.goto(node.url)
  await page.getByLabel('Family name').fill('The Lindqvists')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByLabel('Device name').fill('Kitchen computer')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Choose a folder' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Pictures' }).first().click()
  await dialog.getByRole('button', { name: 'Summer' }).click()
  await dialog.getByText(`${PHOTOS} pictures in this folder`).waitFor()
  await dialog.getByRole('button', { name: 'Choose “Summer”' }).click()
  await page.getByRole('button', { name: 'Take in 1 folder' }).click()
  await tiles(page)
    .nth(PHOTOS - 1)
    .waitFor()
  await page.getByRole('heading', { name: 'July 2019' }).waitFor()
  await painted()
  await assertAccessible(page, 'timeline of a real node')
  assert.equal((await node.get<{ device: { name: string } }>('/status')).device.name, 'Kitchen computer')
})

test('the address that opened the page opens it once', async () => {
  const other = await browser.newContext()
  const stranger = await other.newPage()
  await stranger.goto(node.url)
  await stranger.getByLabel('Access token').waitFor()
  await other.close()
  // The command gives a fresh one.
  const opened = await homeroll(['open', '--data', data, '--json'])
  const { url } = JSON.parse(opened.stdout) as { url: string }
  const welcome = await browser.newContext()
  const guest = await welcome.newPage()
  await guest.goto(url)
  await tiles(guest).first().waitFor()
  assert.equal(new URL(guest.url()).hash, '')
  await welcome.close()
})

test('a photo that is put into the folder appears by itself', async () => {
  const path = join(pictures, 'new.jpg')
  place(path, await jpeg(random, { width: 500, height: 400, takenAt: '2020:02:02 12:00:00' }))
  utimesSync(path, new Date(2020, 1, 1), new Date(2020, 1, 1))
  await page.getByRole('heading', { name: 'February 2020' }).waitFor()
  await painted()
})

test('photos that are dropped come in; what is no picture is refused with a reason', async () => {
  const bytes = [...(await jpeg(random, { takenAt: '2021:03:03 12:00:00' }))]
  const data = await page.evaluateHandle(numbers => {
    const transfer = new DataTransfer()
    transfer.items.add(new File([new Uint8Array(numbers)], 'dropped.jpg', { type: 'image/jpeg' }))
    transfer.items.add(new File(['<script>alert(1)</script>'], 'page.html', { type: 'text/html' }))
    return transfer
  }, bytes)
  await page.dispatchEvent('body', 'dragenter', { dataTransfer: data })
  await page.dispatchEvent('body', 'drop', { dataTransfer: data })
  await page.getByText('1 photo added').waitFor()
  await page.getByText('page.html', { exact: true }).waitFor()
  await page.getByRole('heading', { name: 'March 2021' }).waitFor()
  await painted()
  const dropped = (await assets()).find(asset => asset.fileName === 'dropped.jpg')
  assert.equal(dropped?.bytes, bytes.length)
})

test('the viewer shows the preview and the facts, and what is changed there stays', async () => {
  const photo = page.locator('[data-bucket="2021-03"] [data-asset]')
  const id = (await photo.getAttribute('data-asset')) ?? ''
  await photo.locator('a').click()
  await page.getByRole('dialog').waitFor()
  await page.waitForFunction(() =>
    [...document.querySelectorAll('[role=dialog] img')].some(
      image => image instanceof HTMLImageElement && image.src.includes('/preview') && image.naturalWidth > 0,
    ),
  )
  await page.keyboard.press('i')
  const info = page.getByRole('complementary', { name: 'Information' })
  await info.getByText('dropped.jpg').waitFor()
  await info.getByText('Homeroll Test').waitFor()
  await info.getByRole('button', { name: '4 stars' }).click()
  await info.getByLabel('Caption').fill('At the lake')
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => document.activeElement?.tagName !== 'TEXTAREA')
  await page.keyboard.press('i')
  await page.keyboard.press('f')
  await page.getByRole('button', { name: 'Remove from favourites' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })

  // Across a restart of the node, with the browser still signed in.
  await new Promise(resolve => setTimeout(resolve, 500))
  assert.equal(await node.stop(), 0)
  const { port } = new URL(node.url)
  node = await startNode(data, ['--port', port], { HOME: home })
  await page.goto(`http://127.0.0.1:${port}/favourites`)
  await page.locator(`[data-asset="${id}"]`).waitFor()
  const record = await node.get<AssetRecord>(`/assets/${id}`)
  assert.deepEqual([record.favourite, record.rating, record.description], [true, 4, 'At the lake'])
})

test('what is trashed goes, and comes back when restored; its file is never touched', async () => {
  await page.getByRole('link', { name: 'Photos', exact: true }).click()
  await painted()
  const id = (await page.locator('[data-asset]').nth(1).getAttribute('data-asset')) ?? ''
  const photo = page.locator(`[data-asset="${id}"]`)
  const { sha256, fileName } = await node.get<AssetRecord>(`/assets/${id}`)
  await photo.locator('a').click()
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Delete')
  await page.waitForFunction(one => !location.pathname.includes(one), id)
  await page.keyboard.press('Escape')
  await page.locator(`[data-asset="${id}"]`).waitFor({ state: 'detached' })
  await page.getByRole('link', { name: 'Trash' }).click()
  await page.locator(`[data-asset="${id}"] a`).click()
  await page.getByRole('button', { name: 'Restore' }).click()
  await page.goto(new URL('/', page.url()).href)
  await page.locator(`[data-asset="${id}"]`).waitFor()
  assert.equal(
    createHash('sha256')
      .update(readFileSync(join(pictures, fileName)))
      .digest('hex'),
    sha256,
  )
})

test('nothing was thrown, no policy was broken, and no other host was asked', () => {
  assert.deepEqual(complaints, [])
})
