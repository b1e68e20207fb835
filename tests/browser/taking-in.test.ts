import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { ImportProgress } from '../../shared/schema/api.ts'
import { closeBrowser, openApp, tiles } from './open-app.ts'

after(closeBrowser)

test('files dropped on the page are uploaded, with a reason for each that is refused', async t => {
  const { page, node } = await openApp(t, { assets: 60, uploadDelay: 150 })
  await tiles(page).first().waitFor()
  const data = await page.evaluateHandle(() => {
    const transfer = new DataTransfer()
    for (let i = 0; i < 6; i++)
      transfer.items.add(new File([`picture ${i} `.repeat(40)], `IMG_${i}.jpg`, { type: 'image/jpeg' }))
    transfer.items.add(new File(['words'], 'notes.txt', { type: 'text/plain' }))
    return transfer
  })
  await page.dispatchEvent('body', 'dragenter', { dataTransfer: data })
  await page.getByText('Let go to add them').waitFor()
  await page.dispatchEvent('body', 'drop', { dataTransfer: data })
  await page.getByText('6 photos added').waitFor()
  await page.getByText('notes.txt').waitFor()
  await page.getByText('This is not a picture or a video.').waitFor()
  const most = node.requests.filter(one => one === 'POST /api/assets').length
  assert.equal(most, 7)
  const newest = node.library.months[0]!.bucket
  await page.waitForFunction(
    bucket => document.querySelectorAll(`[data-bucket="${bucket}"] [data-asset]`).length >= 6,
    newest,
  )
  await page.getByRole('button', { name: 'Dismiss' }).first().click()
})

test('chosen files that are already here are told kindly; the rest can be cancelled', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'homeroll-upload-'))
  t.after(() => rm(folder, { recursive: true }))
  const { page } = await openApp(t, { assets: 60, uploadDelay: 400 })
  await tiles(page).first().waitFor()
  const paths = Array.from({ length: 12 }, (_, i) => join(folder, `P${i}.jpg`))
  for (const [i, path] of paths.entries()) await writeFile(path, `picture ${i} `.repeat(60))
  const input = page.locator('input[type=file][accept]')
  await input.setInputFiles(paths.slice(0, 1))
  await page.getByText('1 photo added').waitFor()
  await input.setInputFiles(paths.slice(0, 1))
  await page.getByText('1 was already here').waitFor()
  await input.setInputFiles(paths)
  await page.getByRole('button', { name: 'Cancel the rest' }).click()
  await page.getByText('cancelled').waitFor()
})

test('an import shows how far it is, what failed, and stops and resumes', async t => {
  const { page, node } = await openApp(t, { assets: 60 })
  await tiles(page).first().waitFor()
  const progress: ImportProgress = {
    id: 'import-1',
    paths: ['/home/astrid/Pictures'],
    inPlace: true,
    state: 'running',
    reason: null,
    startedAt: new Date().toISOString(),
    finishedAt: null,
    files: { found: 1200, done: 300, imported: 280, duplicates: 18, failed: 2, rendered: 200 },
    bytes: { found: 5_000_000_000, done: 1_250_000_000 },
    rate: { filesPerSecond: 24, bytesPerSecond: 98_000_000 },
    secondsLeft: 130,
    failures: [{ path: '/home/astrid/Pictures/broken.jpg', code: 'damaged', message: 'The picture ends too early.' }],
  }
  node.imports.push(progress)
  node.emit({ type: 'import', progress })
  await page
    .getByRole('link', { name: /Importing: 300 of 1,200 files/ })
    .first()
    .click()
  const card = page.getByRole('article', { name: '/home/astrid/Pictures' })
  assert.equal(await card.getByRole('progressbar').getAttribute('aria-valuenow'), '25')
  await card.getByText('24 files and 98 MB a second · 2 minutes left').waitFor()
  await card.getByText('280 new · 18 already here · 2 could not be read').waitFor()
  await card.locator('summary').click()
  await card.getByText('The picture ends too early.').waitFor()
  await card.getByRole('button', { name: 'Stop' }).click()
  await card.getByRole('button', { name: 'Resume' }).click()
  await card.getByRole('button', { name: 'Stop' }).waitFor()
  node.emit({
    type: 'import',
    progress: { ...progress, state: 'waiting', reason: 'The disk is full: free 2 GB to go on.' },
  })
  await card.getByText('The disk is full: free 2 GB to go on.').waitFor()
  await page.getByText('The import waits: The disk is full: free 2 GB to go on.').waitFor()
  await page
    .getByRole('link', { name: /^The import waits/ })
    .first()
    .waitFor()
  node.emit({
    type: 'import',
    progress: { ...progress, state: 'done', finishedAt: progress.startedAt, files: { ...progress.files, done: 1200 } },
  })
  await card.getByText('Done').waitFor()
  await page
    .getByRole('link', { name: /^Importing/ })
    .first()
    .waitFor({ state: 'detached' })
})

test('watched folders are added and removed', async t => {
  const { page, node } = await openApp(t, { assets: 60, path: '/device' })
  await page.getByRole('button', { name: 'Watch a folder' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Camera card' }).click()
  await page.getByRole('button', { name: 'Choose “card”' }).click()
  await page.getByText('Looking for new photos').waitFor()
  assert.deepEqual(node.watches.map(watch => watch.path), ['/home/astrid/Pictures', '/media/card']) // prettier-ignore
  await page.getByRole('button', { name: 'Stop watching /media/card' }).click()
  await page.getByText('No longer watched. The photos stay.').waitFor()
  assert.equal(node.watches.length, 1)
})

test('what cannot be shown is listed with its reason, and its original can be saved', async t => {
  const { page, node } = await openApp(t, { assets: 60, path: '/device' })
  const { id } = node.library.columns(node.library.months[0]!.bucket, 'all')
  const fileName = '<img src=x onerror=alert(1)> שלום 🏖️.jpg'
  node.damaged.push({
    ...node.library.record(id[0]!)!,
    fileName,
    state: 'damaged',
    problem: { code: 'truncated', message: 'the file ends early' },
  })
  node.status.damaged = 1
  node.status.warnings = [{ code: 'exiftool-missing', message: 'exiftool is missing' }]
  node.emit({ type: 'status', status: node.status })
  await page.getByText(fileName).waitFor()
  await page.getByText('the file ends early').waitFor()
  const link = page.getByRole('link', { name: /^Download the original of <img/ })
  assert.equal(await link.getAttribute('href'), `/api/assets/${id[0]}/original?download=1`)
  await page.getByText('exiftool is missing').waitFor()
  await page.getByRole('link', { name: 'Photos', exact: true }).click()
  await tiles(page).first().waitFor()
  await page.getByRole('link', { name: '1 thing to know: exiftool is missing' }).click()
  await page.waitForURL('**/device')
})

test('search results show their pictures once these are there', async t => {
  const { page, node } = await openApp(t, { assets: 60 })
  await tiles(page).first().waitFor()
  const { id } = node.library.columns(node.library.months[0]!.bucket, 'all')
  for (const one of id) node.library.notReady.add(one)
  await page.goto(`${node.url}/search?q=lisbon`)
  const waiting = page.locator('[data-asset]:has(img[src$="stand-in"])')
  await waiting.first().waitFor()
  await waiting.first().locator('a').click()
  await page.getByRole('dialog').waitFor()
  node.library.notReady.clear()
  node.emit({ type: 'assets', ids: id })
  await page.waitForFunction(() => document.querySelector('img[src$="stand-in"]') === null)
  await page.locator('[role=dialog] img[src$="/thumbnail"]').first().waitFor({ state: 'attached' })
})

test('search keeps its text in the address and opens what it found', async t => {
  const { page } = await openApp(t, { assets: 600 })
  await tiles(page).first().waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('lisbon')
  await page.waitForURL('**/search?q=lisbon')
  await page.getByRole('heading', { name: /photos for “lisbon”/ }).waitFor()
  await tiles(page).nth(1).locator('a').click()
  await page.getByText('2 of ').first().waitFor()
  await page.keyboard.press('ArrowRight')
  await page.getByText('3 of ').first().waitFor()
  await page.goBack()
  await page.waitForURL('**/search?q=lisbon')
  await page.getByRole('searchbox').fill('nowhere at all')
  await page.getByText('Nothing found for “nowhere at all”').waitFor()
})
