import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import { closeBrowser, openApp, phone, tiles } from './open-app.ts'

after(closeBrowser)

const loaded = (page: Page): Promise<unknown> =>
  page.waitForFunction(() => {
    const inView = [...document.querySelectorAll('[data-asset]')].filter(tile => {
      const { top, bottom } = tile.getBoundingClientRect()
      return bottom > 100 && top < innerHeight - 100
    })
    return inView.length > 4
  })

test('a million photos: few elements, any month within reach, the end too', async t => {
  const { page, node } = await openApp(t, { assets: 1_000_000 })
  await loaded(page)
  const scrubber = page.getByRole('slider', { name: 'Jump to a month' })
  const track = (await scrubber.boundingBox())!
  const wanted = node.library.months[Math.floor(node.library.months.length / 2)]!.bucket
  for (const part of [0.2, 0.8, 0.5]) {
    await page.mouse.move(track.x + 30, track.y + 20)
    await page.mouse.down()
    await page.mouse.move(track.x + 30, track.y + 20 + (track.height - 40) * part, { steps: 12 })
    await page.mouse.up()
    await loaded(page)
    const count = await page.evaluate(() => document.querySelectorAll('*').length)
    assert.ok(count < 3000, `${count} elements`)
  }
  const year = (await scrubber.getAttribute('aria-valuetext'))!
  assert.ok(Math.abs(Number(year.slice(-4)) - Number(wanted.slice(0, 4))) <= 3, `${year} beside ${wanted}`)

  await scrubber.focus()
  await page.keyboard.press('PageDown')
  const later = (await scrubber.getAttribute('aria-valuetext'))!
  assert.equal(Number(later.slice(-4)), Number(year.slice(-4)) - 1)
  await page.keyboard.press('End')
  await loaded(page)
  const oldest = node.library.months.at(-1)!.bucket
  await page.locator(`[data-bucket="${oldest}"]`).waitFor()
  const gap = await page.evaluate(() => {
    const bottoms = [...document.querySelectorAll('[data-asset]')].map(tile => tile.getBoundingClientRect().bottom)
    return innerHeight - Math.max(...bottoms)
  })
  assert.ok(gap >= 0 && gap < 120, `the last row ends ${gap} px above the bottom`)
  await page.keyboard.press('Home')
  await page.locator(`[data-bucket="${node.library.months[0]!.bucket}"] h2`).waitFor()
})

test('nothing that is seen moves while months above are loaded', async t => {
  const slow = new Set<string>()
  const monthDelay = (bucket: string): number => (slow.has(bucket) ? 700 : 30)
  const { page, node } = await openApp(t, { assets: 60_000, monthDelay })
  const { months } = node.library
  // Every month just above one that is jumped to takes its time.
  for (let i = 11; i < months.length; i += 12) slow.add(months[i]!.bucket)
  await loaded(page)
  await page.getByRole('slider', { name: 'Jump to a month' }).focus()
  for (const [round, above] of [11, 23, 35].map(i => months[i]!.bucket).entries()) {
    await page.keyboard.press('Home')
    for (let i = 0; i <= round; i++) await page.keyboard.press('PageDown')
    await loaded(page)
    await page.mouse.move(600, 500)
    await page.mouse.wheel(0, -380)
    await page.waitForTimeout(150)
    const {
      moves,
      before,
      after: later,
    } = await page.evaluate(async bucket => {
      const seen = (): number => document.querySelectorAll(`[data-bucket="${bucket}"] [data-asset]`).length
      const anchor = [...document.querySelectorAll<HTMLElement>('[data-asset]')].find(tile => {
        const { top, bottom } = tile.getBoundingClientRect()
        return top > 64 && bottom < innerHeight
      })!
      const start = anchor.getBoundingClientRect().top
      const begin = seen()
      const moved: number[] = []
      const end = performance.now() + 1000
      while (performance.now() < end) {
        await new Promise(requestAnimationFrame)
        moved.push(anchor.isConnected ? anchor.getBoundingClientRect().top - start : Number.NaN)
      }
      return { moves: moved, before: begin, after: seen() }
    }, above)
    assert.equal(before, 0, 'the month above was not there yet')
    assert.ok(later > 0, 'the month above came meanwhile')
    assert.deepEqual(moves.filter(moved => !(Math.abs(moved) <= 1)), []) // prettier-ignore
  }
})

test('a width that changes keeps the place', async t => {
  const { page } = await openApp(t, { assets: 5000 })
  await loaded(page)
  await page.mouse.move(600, 500)
  for (let i = 0; i < 6; i++) await page.mouse.wheel(0, 900)
  await page.waitForTimeout(400)
  const first = (): Promise<string> =>
    page.evaluate(() => {
      const inView = [...document.querySelectorAll<HTMLElement>('[data-asset]')].find(
        tile => tile.getBoundingClientRect().bottom > 70,
      )
      return inView!.dataset.asset!
    })
  const before = await first()
  await page.setViewportSize({ width: 1000, height: 900 })
  await page.waitForTimeout(300)
  const tops = await page.evaluate(
    id => document.querySelector(`[data-asset="${id}"]`)?.getBoundingClientRect().bottom,
    before,
  )
  assert.ok(tops !== undefined && tops > 0 && tops < 700, `the first photo is now at ${tops}`)
})

test('the keyboard walks through the grid and changes photos', async t => {
  const { page, node } = await openApp(t, { assets: 900 })
  await loaded(page)
  const focused = (): Promise<string | undefined> =>
    page.evaluate(() => (document.activeElement?.closest('[data-asset]') as HTMLElement | null)?.dataset.asset)
  const order = node.library.columns(node.library.months[0]!.bucket, 'all').id
  await tiles(page).first().locator('a').focus()
  await page.keyboard.press('ArrowRight')
  await page.waitForFunction(id => document.activeElement?.closest(`[data-asset="${id}"]`), order[1])
  for (let i = 0; i < 25; i++) {
    const before = await focused()
    await page.keyboard.press('ArrowDown')
    await page.waitForFunction(id => {
      const now = document.activeElement?.closest('[data-asset]') as HTMLElement | null
      return now && now.dataset.asset !== id
    }, before)
  }
  const box = await page.evaluate(() => document.activeElement!.getBoundingClientRect().toJSON() as DOMRect)
  assert.ok(box.top >= 0 && box.bottom <= 900, 'the photo with the focus is in view')
  const id = (await focused())!
  const was = node.library.record(id)!.favourite
  await page.keyboard.press('f')
  await page.waitForFunction(
    ([one, favourite]) =>
      document.querySelector(`[data-asset="${one}"] a`)?.getAttribute('aria-label')?.includes('favourite') !==
      favourite,
    [id, was] as const,
  )
  await page.keyboard.press('Delete')
  await page.locator(`[data-asset="${id}"]`).waitFor({ state: 'detached' })
  await page.getByText('Moved to the trash').waitFor()
  assert.notEqual(await focused(), undefined, 'the focus went on to a neighbour')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
})

test('a range of photos is selected and moved together, and the change undone', async t => {
  const { page, node } = await openApp(t, { assets: 900 })
  await loaded(page)
  await tiles(page).nth(1).hover()
  await tiles(page).nth(1).getByRole('button', { name: 'Select' }).click()
  await tiles(page)
    .nth(7)
    .locator('a')
    .click({ modifiers: ['Shift'] })
  await page.getByText('7 selected').waitFor()
  const before = await tiles(page).nth(1).getAttribute('data-asset')
  const trashed = node.library.summary('trash').reduce((sum, { count }) => sum + count, 0)
  await page.getByRole('toolbar').getByRole('button', { name: 'Move to trash' }).click()
  await page.getByText('7 photos moved to the trash').waitFor()
  await page.locator(`[data-asset="${before}"]`).waitFor({ state: 'detached' })
  assert.equal(
    node.library.summary('trash').reduce((sum, { count }) => sum + count, 0),
    trashed + 7,
  )
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.locator(`[data-asset="${before}"]`).waitFor()
})

test('a change that the node refuses is taken back and told', async t => {
  const { page, node } = await openApp(t, { assets: 300 })
  await loaded(page)
  const id = (await tiles(page).nth(2).getAttribute('data-asset'))!
  node.failNext('PATCH /api/assets', 507, 'The disk is full.')
  await tiles(page).nth(2).locator('a').focus()
  await page.keyboard.press('Delete')
  await page.getByText('That could not be saved: The disk is full.').waitFor()
  await page.locator(`[data-asset="${id}"]`).waitFor()
})

test('a photo that comes in is seen at once, and after a lost connection too', async t => {
  const { page, node } = await openApp(t, { assets: 300 })
  await loaded(page)
  const newest = `${node.library.months[0]!.bucket}-28T23:00:00`
  const id = node.addAsset(newest)
  await page.locator(`[data-asset="${id}"]`).waitFor()
  node.cutEvents()
  await page.getByText('Not connected. Trying again…').waitFor()
  const missed = node.library.add(`${node.library.months[0]!.bucket}-28T23:30:00`).id
  node.restoreEvents()
  await page.locator(`[data-asset="${missed}"]`).waitFor()
  await page.getByText('Not connected. Trying again…').waitFor({ state: 'detached' })
})

test('a phone has a bar at the bottom and a handle to scrub with', async t => {
  const { page } = await openApp(t, { assets: 20_000, context: phone })
  await loaded(page)
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  assert.ok(overflow <= 0, `${overflow} px too wide`)
  await page.getByRole('button', { name: 'More' }).tap()
  await page.getByRole('menuitem', { name: 'Trash' }).tap()
  await page.getByText('Nothing is deleted').waitFor()
  await page.getByRole('link', { name: 'Photos', exact: true }).tap()
  await loaded(page)
})

test('months and lists that cannot be loaded say so and can be tried again', async t => {
  const { page, node } = await openApp(t, { assets: 300, path: '/favourites' })
  await tiles(page).first().waitFor()
  node.failNext('GET /api/timeline?view=archive', 500, 'The index is being rebuilt.')
  await page.getByRole('link', { name: 'Archive' }).click()
  await page.getByText('The index is being rebuilt.').waitFor()
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('The index is being rebuilt.').waitFor({ state: 'detached' })
})

test('a thumbnail that is not there yet is shown once it is', async t => {
  const { page, node } = await openApp(t, { assets: 60 })
  await loaded(page)
  const bucket = node.library.months[0]!.bucket
  const id = node.library.add(`${bucket}-28T23:00:00`).id
  node.failNext(`GET /api/assets/${id}/thumbnail`, 404, 'Not made yet.')
  node.library.notReady.add(id)
  node.emit({ type: 'timeline', buckets: [bucket] })
  await page.locator(`[data-asset="${id}"]`).waitFor()
  await page.waitForTimeout(300)
  assert.equal(await page.locator(`[data-asset="${id}"] img`).count(), 0)
  // A stand-in is there first, then the real one.
  node.emit({ type: 'timeline', buckets: [bucket] })
  await page.locator(`[data-asset="${id}"] img[src$="stand-in"]`).waitFor()
  node.library.notReady.clear()
  node.emit({ type: 'timeline', buckets: [bucket] })
  await page.locator(`[data-asset="${id}"] img[src$="thumbnail"]`).waitFor()
})
