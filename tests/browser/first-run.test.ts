import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { assertAccessible, closeBrowser, openApp, tiles } from './open-app.ts'

after(closeBrowser)

test('the cards of the first run lead to a timeline that fills', async t => {
  const { node, page } = await openApp(t, { firstRun: true, assets: 0 })
  assert.equal(new URL(page.url()).hash, '', 'the token stays in no address')
  await page.getByLabel('Family name').fill('The Lindqvists')
  await assertAccessible(page, 'family card')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByLabel('Device name').fill('Kitchen computer')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Choose a folder' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Pictures' }).first().click()
  await dialog.getByText('148 pictures in this folder').waitFor()
  await assertAccessible(page, 'folder picker')
  await dialog.getByRole('button', { name: '2024' }).click()
  await dialog.getByRole('button', { name: 'Choose “2024”' }).click()
  await page.getByRole('radio', { name: 'Leave them where they are' }).waitFor()
  await assertAccessible(page, 'folders card')
  await page.getByRole('button', { name: 'Take in 1 folder' }).click()
  await page.getByText('Your photos are on their way').waitFor()
  assert.deepEqual(node.imports[0]?.paths, ['/home/astrid/Pictures/2024'])
  assert.equal(node.imports[0]?.inPlace, true)
  await page.waitForFunction(() => document.title === 'Homeroll')
  node.addAsset('2024-07-14T12:30:00')
  node.addAsset('2024-07-15T09:00:00')
  await tiles(page).nth(1).waitFor()
  await page.getByRole('heading', { name: 'July 2024' }).waitFor()
  assert.deepEqual(node.watches.map(({ path, copy }) => ({ path, copy })), [{ path: '/home/astrid/Pictures/2024', copy: false }]) // prettier-ignore
})

test('a page without a session says how to get one, and takes the token', async t => {
  const { node, page } = await openApp(t, { signedOut: true, assets: 40 })
  await page.getByText('npm run -s homeroll -- open').waitFor()
  await assertAccessible(page, 'sign in')
  await page.getByLabel('Access token').fill('wrong')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('That token was not accepted.').waitFor()
  await page.getByLabel('Access token').fill(node.token)
  await page.keyboard.press('Enter')
  await tiles(page).first().waitFor()
})
