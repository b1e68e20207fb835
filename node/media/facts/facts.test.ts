import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import Value from 'typebox/value'
import { Facts } from '../../../shared/schema/index.ts'
import { cleanFacts } from './clean.ts'
import { inZone, parseMoment, parseOffset } from './moment.ts'
import { factsOfTags, type Tags } from './tags.ts'

const rome = () => 'Europe/Rome'
const read = (tags: Tags, type: 'photo' | 'video' = 'photo', zone: () => string | null = () => null) =>
  factsOfTags(tags, type, 0, zone)

test('moments are read in the ways they are written, and what is none is refused', () => {
  assert.deepEqual(parseMoment('2024:07:31 18:05:12'), { local: '2024-07-31T18:05:12', offset: null })
  assert.deepEqual(parseMoment('2024:07:31 18:05:12.2501+02:00'), {
    local: '2024-07-31T18:05:12.250',
    offset: '+02:00',
  })
  assert.deepEqual(parseMoment('2024-07-31T18:05:12Z'), { local: '2024-07-31T18:05:12', offset: '+00:00' })
  assert.equal(parseMoment('2024:07:31 18:05')?.local, '2024-07-31T18:05:00')
  for (const none of [
    '0000:00:00 00:00:00',
    '2023:02:29 10:00:00',
    '2024:07:31 24:00:61',
    '',
    '    :  :',
    42,
    null,
    'x'.repeat(9999),
  ]) {
    assert.equal(parseMoment(none), null, String(none).slice(0, 30))
  }
  assert.equal(parseOffset('-0330'), '-03:30')
  assert.equal(parseOffset('+25:00'), null)
})

test('a moment of UTC is shown as the clocks of a place show it, summer time included', () => {
  assert.equal(inZone('2024-07-31T22:30:00', 'Europe/Rome'), '2024-08-01T00:30:00')
  assert.equal(inZone('2024-01-31T22:30:00.125', 'Europe/Rome'), '2024-01-31T23:30:00.125')
  assert.equal(inZone('2024-07-31T22:30:00', 'Nowhere/At All'), null)
})

test('the date that says most stands: original, digitised, written, by satellite', () => {
  const dates: Tags = {
    'Composite:SubSecDateTimeOriginal': '2020:01:02 03:04:05.67',
    'EXIF:DateTimeOriginal': '2020:01:02 03:04:05',
    'EXIF:CreateDate': '2020:02:02 03:04:05',
    'Composite:GPSDateTime': '2020:03:02 03:04:05Z',
    'EXIF:OffsetTimeOriginal': '-05:00',
  }
  const { takenAt, timeZone } = read(dates)
  assert.deepEqual([takenAt, timeZone], ['2020-01-02T03:04:05.67', '-05:00'])
  delete dates['Composite:SubSecDateTimeOriginal']
  dates['EXIF:DateTimeOriginal'] = '0000:00:00 00:00:00'
  assert.equal(read(dates).takenAt, '2020-02-02T03:04:05')
  delete dates['EXIF:CreateDate']
  assert.deepEqual([read(dates).takenAt, read(dates).timeZone], ['2020-03-02T03:04:05', 'UTC'])
  assert.equal(read({}).takenAtSource, 'file')
})

test('without an offset, the position tells the zone', () => {
  const tags = {
    'EXIF:DateTimeOriginal': '2020:01:02 03:04:05',
    'Composite:GPSLatitude': 43.4,
    'Composite:GPSLongitude': 11.8,
  }
  assert.equal(read(tags, 'photo', rome).timeZone, 'Europe/Rome')
  assert.equal(read({ ...tags, 'EXIF:OffsetTime': '+01:00' }, 'photo', rome).timeZone, '+01:00')
  assert.equal(read({ ...tags, 'Composite:GPSLatitude': '' }, 'photo', rome).timeZone, null)
})

test("a video's clock runs in UTC, unless it says its zone", () => {
  const utc = {
    'QuickTime:MediaCreateDate': '2024:07:31 22:30:00',
    'QuickTime:Duration': 1.5,
    'Composite:Rotation': 90,
    'Composite:ImageSize': '1920 1080',
  }
  const facts = read(utc, 'video')
  assert.deepEqual([facts.takenAt, facts.timeZone, facts.durationMs], ['2024-07-31T22:30:00', 'UTC', 1500])
  assert.deepEqual([facts.width, facts.height, facts.orientation], [1080, 1920, 6])
  const there = read({ ...utc, 'Composite:GPSLatitude': 43.4, 'Composite:GPSLongitude': 11.8 }, 'video', rome)
  assert.deepEqual([there.takenAt, there.timeZone], ['2024-08-01T00:30:00', 'Europe/Rome'])
  const apple = read({ ...utc, 'QuickTime:CreationDate': '2024:08:01 00:30:00+02:00' }, 'video')
  assert.deepEqual([apple.takenAt, apple.timeZone], ['2024-08-01T00:30:00', '+02:00'])
})

test('what cameras write by themselves is no description; people are heard', () => {
  for (const nobody of [
    'OLYMPUS DIGITAL CAMERA',
    'SONY DSC',
    'KODAK Digital Still Camera',
    'Exif_JPEG_PICTURE',
    '   ',
    'DCIM',
  ]) {
    assert.equal(read({ 'EXIF:ImageDescription': nobody }).description, null, nobody)
  }
  const tags = { 'EXIF:ImageDescription': 'SONY DSC', 'IPTC:Caption-Abstract': 'Grandma at\nthe lake' }
  assert.equal(read(tags).description, 'Grandma at\nthe lake')
})

test('keywords are gathered once each, of hierarchies the leaf; stars come as stars or percent', () => {
  const tags = {
    'IPTC:Keywords': ['lake', 2024],
    'XMP:Subject': 'lake',
    'XMP:HierarchicalSubject': ['Places|Italy|Rome'],
  }
  assert.deepEqual(read(tags).keywords, ['lake', '2024', 'Rome'])
  assert.deepEqual(
    [read({ 'XMP:Rating': 4 }), read({ 'XMP:Rating': -1 }), read({ 'EXIF:RatingPercent': 75 })].map(f => f.rating),
    [4, null, 4],
  )
})

test('exposure is written as people write it', () => {
  const exposures = [
    [0.004, '1/250'],
    [2, '2'],
    [0.5, '0.5'],
    [0, null],
    ['inf', null],
  ] as const
  for (const [seconds, text] of exposures) assert.equal(read({ 'EXIF:ExposureTime': seconds }).exposure, text)
})

test('blank and zero positions are none', () => {
  const at = (latitude: unknown, longitude: unknown) => cleanFacts({ latitude, longitude }, 0).latitude
  assert.deepEqual(
    [at(0, 0), at('', ''), at(91, 0), at(NaN, 1), at(5, null), at(-5, 0)],
    [null, null, null, null, null, -5],
  )
})

test('whatever is said, facts are sound', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc.constantFrom(
      'a\0b\u0007',
      '\ud800',
      'x'.repeat(100_000),
      '👪'.repeat(5000),
      1e308,
      -1,
      NaN,
      {},
      [],
      [['x']],
      true,
    ),
    fc.double(),
    fc.array(fc.string({ unit: 'binary' }), { maxLength: 400 }),
  )
  const names = [
    'make',
    'model',
    'lens',
    'iso',
    'fNumber',
    'exposure',
    'focalLengthMm',
    'rating',
    'description',
    'keywords',
    'orientation',
    'width',
    'height',
    'durationMs',
    'latitude',
    'longitude',
  ] as const
  const said = fc.record(Object.fromEntries(names.map(name => [name, hostile])), { requiredKeys: [] })
  fc.assert(
    fc.property(said, fc.double(), (values, fileTime) => {
      const facts = cleanFacts(values, fileTime)
      assert.ok(Value.Check(Facts, facts))
      assert.doesNotMatch(`${facts.make}${facts.model}${facts.lens}${facts.keywords.join('')}`, /[\0-\x1f\x7f]/)
      assert.ok(facts.description === null || facts.description.isWellFormed())
    }),
    { numRuns: 500 },
  )
})
