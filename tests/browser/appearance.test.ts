import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { assertAccessible, closeBrowser, openApp, phone, tiles } from './open-app.ts'

after(closeBrowser)

const pages = ['/', '/favourites', '/trash', '/search?q=lisbon', '/search', '/imports', '/device']

// Only the colours differ in the dark.
const rules = { light: undefined, dark: ['color-contrast', 'link-in-text-block'] }

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing on any page, ${theme}`, async t => {
    const { page, node } = await openApp(t, { assets: 120, context: { colorScheme: theme } })
    for (const path of pages) {
      await page.goto(node.url + path)
      await page.waitForLoadState('networkidle').catch(() => {})
      await page.locator('main').waitFor()
      if (path === '/' || path.includes('q=')) await tiles(page).first().waitFor()
      await assertAccessible(page, `${path} ${theme}`, rules[theme])
    }
    await page.goto(node.url)
    await tiles(page).first().locator('a').click()
    await page.getByRole('dialog').waitFor()
    await assertAccessible(page, `viewer ${theme}`, rules[theme])
  })
}

test('axe finds nothing on a phone', async t => {
  const { page, node } = await openApp(t, { assets: 120, context: phone })
  for (const path of ['/', '/device']) {
    await page.goto(node.url + path)
    await page.locator('main').waitFor()
    if (path === '/') await tiles(page).first().waitFor()
    await assertAccessible(page, `${path} on a phone`)
  }
})

test('the appearance follows the system until one is chosen, and is remembered', async t => {
  const { page } = await openApp(t, { assets: 40, path: '/device', context: { colorScheme: 'dark' } })
  const paper = (): Promise<string> => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
  await page.getByRole('radio', { name: 'Light' }).waitFor()
  const dark = await paper()
  await page.getByRole('radio', { name: 'Light' }).check()
  const light = await paper()
  assert.notEqual(light, dark)
  await page.reload()
  await page.locator('main').waitFor()
  assert.equal(await paper(), light)
  await page.emulateMedia({ colorScheme: 'light' })
  await page.getByRole('radio', { name: 'Like this computer' }).check()
  await page.emulateMedia({ colorScheme: 'dark' })
  assert.equal(await paper(), dark)
})
