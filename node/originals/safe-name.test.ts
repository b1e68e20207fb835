import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { foldPath, safeFileName } from './safe-name.ts'

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({ unit: 'grapheme', maxLength: 400 }),
  fc.string({
    unit: fc.constantFrom(
      '.',
      ' ',
      '/',
      '\\',
      '\n',
      '\0',
      'é',
      'e\u0301',
      '👨‍👩‍👧‍👦',
      '\uD800',
      'CON',
      ':',
      'a',
      '.jpg',
      '각',
    ),
    maxLength: 300,
  }),
)
const marks = fc.constantFrom('', ' (2)', ` (${'f'.repeat(64)})`)

test('a safe name is one part of a path, bounded, visible and plain on every file system', () => {
  fc.assert(
    fc.property(hostile, marks, (name, mark) => {
      const safe = safeFileName(name, mark)
      assert.ok(safe.length > 0 && safe !== '.' && safe !== '..')
      assert.ok(Buffer.byteLength(safe) <= 255 && safe.length <= 255 && safe.normalize('NFD').length <= 255)
      assert.doesNotMatch(safe, /[\u0000-\u001F\u007F-\u009F<>:"/\\|?*\u202E]/)
      assert.doesNotMatch(safe, /^[. ]|[. ]$/)
      assert.doesNotMatch(safe, /^(con|prn|aux|nul|com\d|lpt\d) *(\.|$)/i)
      assert.equal(safe, safe.normalize('NFC'))
      assert.ok(safe.isWellFormed())
      assert.ok(safe.includes(mark))
    }),
    { numRuns: 3000 },
  )
})

test('a safe name is safe already', () => {
  fc.assert(
    fc.property(hostile, name => safeFileName(safeFileName(name)) === safeFileName(name)),
    { numRuns: 2000 },
  )
})

test('names that are fine stay, others change as little as they must', () => {
  const cases: [string, string][] = [
    ['IMG_1234.HEIC', 'IMG_1234.HEIC'],
    ['Été à la plage 🏖️.jpg', 'Été à la plage 🏖️.jpg'],
    ['👨‍👩‍👧‍👦.jpg', '👨‍👩‍👧‍👦.jpg'],
    ['E\u0301te\u0301.jpg', 'Été.jpg'],
    ['con.jpg', '_con.jpg'],
    ['COM1', '_COM1'],
    ['nul.tar.gz', '_nul.tar.gz'],
    ['console.jpg', 'console.jpg'],
    ['..', 'unnamed'],
    ['.', 'unnamed'],
    ['', 'unnamed'],
    ['   ', 'unnamed'],
    ['.hidden.jpg', '_hidden.jpg'],
    ['/etc/passwd', '_etc_passwd'],
    ['..\\..\\a.jpg', '_._.._a.jpg'],
    ['a\nb.jpg', 'a_b.jpg'],
    ['what? "this": <a|b>*.png', 'what_ _this__ _a_b__.png'],
    ['trailing. . .', 'trailing'],
    ['photo .jpg', 'photo.jpg'],
    ['\u202Egpj.exe', '_gpj.exe'],
  ]
  for (const [given, safe] of cases) assert.equal(safeFileName(given), safe, JSON.stringify(given))
  assert.equal(safeFileName('IMG_1234.HEIC', ' (2)'), 'IMG_1234 (2).HEIC')
  assert.equal(safeFileName('noextension', ' (2)'), 'noextension (2)')
})

test('a long name keeps its extension and whole characters', () => {
  const safe = safeFileName(`${'👨‍👩‍👧‍👦'.repeat(40)}.jpeg`, ' (2)')
  assert.match(safe, /^(👨‍👩‍👧‍👦)+ \(2\)\.jpeg$/u)
  assert.ok(Buffer.byteLength(safe) > 220)
})

test('this file system takes hostile names once they are safe', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'homeroll-names-'))
  t.after(() => rm(folder, { recursive: true }))
  const names = new Map<string, string>()
  for (const name of fc.sample(hostile, { numRuns: 200, seed: 7 })) {
    const safe = safeFileName(name)
    names.set(foldPath(safe), safe)
    await writeFile(join(folder, safe), '')
  }
  assert.deepEqual(new Set((await readdir(folder)).map(foldPath)), new Set(names.keys()))
})

test('paths that differ in letter case or composition fold alike', () => {
  assert.equal(foldPath('2024/IMG_É.JPG'), foldPath('2024/img_e\u0301.jpg'))
  assert.equal(foldPath('STRASSE.jpg'), foldPath('straße.jpg'))
  assert.notEqual(foldPath('IMG_1.jpg'), foldPath('IMG_2.jpg'))
})
