import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import { assertAccessible, closeBrowser, openApp, phone, tiles } from './open-app.ts'

after(closeBrowser)

const shown = (page: Page): Promise<string> => page.evaluate(() => location.pathname.split('/')[2] ?? '')
const scale = async (page: Page): Promise<number> =>
  Number(await page.locator('[role=dialog] div:not([aria-hidden]) > [data-scale]').first().getAttribute('data-scale'))

/** Opens the first plain photo of the grid. */
async function openPhoto(page: Page): Promise<string> {
  const photo = page.locator('[data-asset]:has(a[aria-label^="Photo,"])').nth(1)
  const id = (await photo.getAttribute('data-asset'))!
  await photo.locator('a').click()
  await page.getByRole('dialog').waitFor()
  return id
}

test('the viewer by keyboard: on, back, zoom, information, favourite, and close to where it began', async t => {
  const { page, node } = await openApp(t, { assets: 900 })
  await tiles(page).first().waitFor()
  const id = await openPhoto(page)
  const order = node.library.columns(node.library.months[0]!.bucket, 'all').id
  assert.equal(await shown(page), id)
  await page
    .getByText(`${order.indexOf(id) + 1} of `)
    .first()
    .waitFor()
  await page.keyboard.press('ArrowRight')
  await page.waitForURL(`**/photo/${order[order.indexOf(id) + 1]}`)
  await page.keyboard.press('ArrowLeft')
  await page.waitForURL(`**/photo/${id}`)

  await page.keyboard.press('+')
  assert.equal(await scale(page), 1.5)
  await page.locator('[data-layer=original]').waitFor()
  await page.keyboard.press('0')
  assert.equal(await scale(page), 1)
  await page.mouse.move(900, 300)
  await page.mouse.wheel(0, -400)
  await page.waitForTimeout(50)
  assert.ok((await scale(page)) > 2)
  await page.keyboard.press('z')
  assert.equal(await scale(page), 1)

  await page.keyboard.press('i')
  const info = page.getByRole('complementary', { name: 'Information' })
  await info.getByText(node.library.record(id)!.fileName).waitFor()
  await info.getByRole('button', { name: '4 stars' }).click()
  await info.getByLabel('Caption').fill('At the lake')
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => document.activeElement?.tagName !== 'TEXTAREA')
  await assertAccessible(page, 'viewer with information')
  await page.keyboard.press('i')
  await page.keyboard.press('f')
  const favourite = !node.library.record(id)!.favourite
  await page
    .getByRole('button', { name: favourite ? 'Favourite' : 'Remove from favourites' })
    .or(page.getByRole('button', { name: 'Remove from favourites' }))
    .first()
    .waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  assert.equal(new URL(page.url()).pathname, '/')
  await page.waitForFunction(one => document.activeElement?.closest(`[data-asset="${one}"]`), id)
  const record = node.library.record(id)!
  assert.deepEqual([record.rating, record.description], [4, 'At the lake'])
})

test('moving to the trash goes on to the next photo; the trash gives it back', async t => {
  const { page, node } = await openApp(t, { assets: 300 })
  await tiles(page).first().waitFor()
  const id = await openPhoto(page)
  const order = node.library.columns(node.library.months[0]!.bucket, 'all').id
  await page.keyboard.press('Delete')
  await page.waitForURL(`**/photo/${order[order.indexOf(id) + 1]}`)
  await page.getByText('Moved to the trash').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'Trash' }).click()
  await page.locator(`[data-asset="${id}"] a`).click()
  await page.getByRole('button', { name: 'Restore' }).click()
  await page.getByText('Restored', { exact: true }).waitFor()
  assert.equal(node.library.record(id)!.trashed, false)
})

test('an address opens the viewer over its view; back stays in the app', async t => {
  const { page, node } = await openApp(t, { assets: 900 })
  await tiles(page).first().waitFor()
  const favourites = node.library.summary('favourites')
  const bucket = favourites[2]!.bucket
  const id = node.library.columns(bucket, 'favourites').id[0]!
  await page.goto(`${node.url}/photo/${id}?in=favourites`)
  const before = favourites.slice(0, 2).reduce((sum, { count }) => sum + count, 0)
  await page
    .getByText(`${before + 1} of `)
    .first()
    .waitFor()
  await page.getByRole('button', { name: 'Close the photo' }).click()
  await page.waitForURL('**/favourites')
  await page.locator(`[data-asset="${id}"]`).waitFor()
  await page.goto(`${node.url}/photo/${'e'.repeat(32)}`)
  await page.getByText('This photo could not be opened').waitFor()
})

test('fingers: swipe to the next, double tap to zoom, pull down to close', async t => {
  const { page, node } = await openApp(t, { assets: 300, context: phone })
  await tiles(page).first().waitFor()
  const photo = page.locator('[data-asset]:has(a[aria-label^="Photo,"])').nth(1)
  const id = (await photo.getAttribute('data-asset'))!
  await photo.locator('a').tap()
  await page.getByRole('dialog').waitFor()
  const order = node.library.columns(node.library.months[0]!.bucket, 'all').id
  const touch = await page.context().newCDPSession(page)
  const drag = async (from: [number, number], to: [number, number]): Promise<void> => {
    const point = ([x, y]: [number, number]): { x: number; y: number }[] => [{ x, y }]
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: point(from) })
    for (let i = 1; i <= 6; i++) {
      const at: [number, number] = [from[0] + ((to[0] - from[0]) * i) / 6, from[1] + ((to[1] - from[1]) * i) / 6]
      await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: point(at) })
    }
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  }
  await page
    .getByText(`${order.indexOf(id) + 1} of `)
    .first()
    .waitFor()
  await drag([320, 400], [60, 410])
  await page.waitForURL(`**/photo/${order[order.indexOf(id) + 1]}`)
  await drag([60, 400], [330, 400])
  await page.waitForURL(`**/photo/${id}`)
  await page.touchscreen.tap(195, 400)
  await page.touchscreen.tap(195, 400)
  await page.waitForFunction(() =>
    [...document.querySelectorAll('[data-scale]')].some(one => Number(one.getAttribute('data-scale')) > 2),
  )
  await page.touchscreen.tap(195, 400)
  await page.touchscreen.tap(195, 400)
  await page.waitForFunction(() =>
    [...document.querySelectorAll('[data-scale]')].every(one => Number(one.getAttribute('data-scale')) === 1),
  )
  const fingers = (apart: number) => [
    { x: 195 - apart, y: 400, id: 0 },
    { x: 195 + apart, y: 400, id: 1 },
  ]
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: fingers(30) })
  for (let apart = 40; apart <= 120; apart += 20) {
    await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: fingers(apart) })
  }
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  await page.waitForFunction(() =>
    [...document.querySelectorAll('[data-scale]')].some(one => Number(one.getAttribute('data-scale')) > 3),
  )
  assert.equal(await shown(page), id)
  await page.touchscreen.tap(195, 400)
  await page.touchscreen.tap(195, 400)
  await page.waitForFunction(() =>
    [...document.querySelectorAll('[data-scale]')].every(one => Number(one.getAttribute('data-scale')) === 1),
  )
  await drag([195, 300], [195, 640])
  await page.getByRole('dialog').waitFor({ state: 'detached' })
})

test('a video has controls and a poster, and says so when it cannot be played', async t => {
  const { page } = await openApp(t, { assets: 900 })
  await tiles(page).first().waitFor()
  await page.locator('a[aria-label^="Video,"]').first().click()
  // What the mock serves is no video: the browser finds that out.
  await page.getByText('This browser cannot play this video’s format.').waitFor()
  await page.keyboard.press('ArrowRight')
})
