import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encode } from 'cborg'
import fc from 'fast-check'
import { HomerollError } from '../../shared/errors/index.ts'
import { MAX_FRAME_BYTES, MAX_FRAME_OPERATIONS, type Frame, type UnknownOperation } from '../../shared/schema/index.ts'
import { decodeFrame, encodeFrame, packFrames } from './index.ts'

const asset = '0123456789abcdef0123456789abcdef'
const tagAdded = (tag: string) => ({ kind: 'tag.added' as const, asset, tag })
const frameOf = (...ops: UnknownOperation[]): Frame => ({ v: 1, hlc: 1_700_000_000_000_000, ops })

function decoded(block: Uint8Array): Frame {
  const result = decodeFrame(block)
  if (result.outcome !== 'frame') throw new Error(result.message)
  return result.frame
}

/** A seeded stream of 32-bit numbers, so that a failing input can be met again. */
function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** A record as any code would make it, with the usual prototype. */
const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(model, { noNullPrototype: true })
const text = fc.string({ unit: 'binary', maxLength: 20 })
const value = fc.letrec(tie => ({
  any: fc.oneof(
    { depthSize: 'small', maxDepth: 6 },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .filter(n => n !== 0 && (!Number.isInteger(n) || Number.isSafeInteger(n))),
    text,
    fc.uint8Array({ maxLength: 20 }),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(
      text.filter(key => key !== '__proto__'),
      tie('any'),
      { maxKeys: 4, noNullPrototype: true },
    ),
  ),
})).any
const unknownOperation = fc
  .tuple(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
    fc.dictionary(
      text.filter(key => key !== '__proto__'),
      value,
      { maxKeys: 5, noNullPrototype: true },
    ),
  )
  .map(([kind, fields]) => ({ ...fields, kind: `x.${kind}` }))
const knownOperation = fc.oneof(
  record({
    kind: fc.constant('tag.added'),
    asset: fc.constant(asset),
    tag: fc.string({ minLength: 1, maxLength: 256 }),
  }),
  record({
    kind: fc.constant('asset.set'),
    asset: fc.constant(asset),
    change: fc.oneof(
      record({ field: fc.constant('favourite'), value: fc.boolean() }),
      record({ field: fc.constant('rating'), value: fc.option(fc.integer({ min: 0, max: 5 })) }),
    ),
  }),
)
const frame = record({
  v: fc.constant(1),
  hlc: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER - 200 }),
  ops: fc.array(fc.oneof(unknownOperation, knownOperation), { minLength: 1, maxLength: MAX_FRAME_OPERATIONS }),
})

test('every frame reads back as it was written, byte for byte when written again', () => {
  fc.assert(
    fc.property(frame, written => {
      const block = encodeFrame(written)
      const result = decodeFrame(block)
      assert.equal(result.outcome, 'frame')
      if (result.outcome !== 'frame') return
      assert.deepEqual(result.putAside, [])
      assert.deepEqual(result.frame, written)
      assert.deepEqual(encodeFrame(result.frame), block)
    }),
    { numRuns: 500, seed: 2 },
  )
})

test('an operation that does not fit its schema is put aside and the others keep their places', () => {
  const block = encode({
    v: 1,
    hlc: 7,
    ops: [tagAdded('a'), { kind: 'tag.added', asset: 'no', tag: '' }, tagAdded('c')],
  })
  const result = decodeFrame(block)
  assert.equal(result.outcome, 'frame')
  if (result.outcome !== 'frame') return
  assert.deepEqual(result.frame.ops, [tagAdded('a'), { kind: 'invalid' }, tagAdded('c')])
  assert.deepEqual(
    result.putAside.map(({ at }) => at),
    [1],
  )
})

test('what is no operation at all is put aside too', () => {
  for (const rubbish of [
    null,
    1,
    'tag.added',
    [],
    {},
    { kind: 1 },
    { kind: '' },
    { kind: 'k'.repeat(65) },
    new Uint8Array(2),
  ]) {
    const result = decodeFrame(encode({ v: 1, hlc: 7, ops: [rubbish, tagAdded('b')] }))
    assert.equal(result.outcome, 'frame')
    if (result.outcome === 'frame') assert.deepEqual(result.frame.ops, [{ kind: 'invalid' }, tagAdded('b')])
  }
})

test('names of the object prototype are plain fields or refused, never inherited', () => {
  const inherits = encode(
    JSON.parse(`{"v":1,"hlc":1,"ops":[{"kind":"tag.added","__proto__":{"asset":"${asset}","tag":"x"}}]}`),
  )
  assert.equal(decodeFrame(inherits).outcome, 'invalid')
  const kind = decodeFrame(
    encode({ v: 1, hlc: 1, ops: [{ kind: 'constructor' }, { kind: 'hasOwnProperty', toString: 1 }] }),
  )
  assert.equal(kind.outcome, 'frame')
  assert.equal(({} as Record<string, unknown>).asset, undefined)
})

test('blocks outside the limits are refused as a whole', () => {
  const deep = (levels: number) => {
    let inner: unknown = 1
    for (let i = 0; i < levels; i++) inner = [inner]
    return encode({ v: 1, hlc: 1, ops: [{ kind: 'x', inner }] })
  }
  const bytes = (...values: number[]) => Uint8Array.from(values)
  const cases: Record<string, Uint8Array> = {
    'no bytes': bytes(),
    'a list': encode([]),
    'no operation': encode({ v: 1, hlc: 1, ops: [] }),
    'too many operations': encode({ v: 1, hlc: 1, ops: Array.from({ length: 101 }, () => tagAdded('x')) }),
    'too large': encode({ v: 1, hlc: 1, ops: [{ kind: 'x', bytes: new Uint8Array(MAX_FRAME_BYTES) }] }),
    'too deep': deep(14),
    bottomless: new Uint8Array(MAX_FRAME_BYTES).fill(0x81),
    'bottomless maps': Uint8Array.from({ length: MAX_FRAME_BYTES }, (_, i) =>
      i % 3 === 0 ? 0xa1 : i % 3 === 1 ? 0x61 : 0x61,
    ),
    'a list said to be endless': bytes(0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
    'a text said to be 4 GB': bytes(0x7a, 0xff, 0xff, 0xff, 0xff, 0x61),
    'a newer version': encode({ v: 2, hlc: 1, ops: [tagAdded('x')] }),
    'a negative stamp': encode({ v: 1, hlc: -1, ops: [tagAdded('x')] }),
    'half a stamp': encode({ v: 1, hlc: 1.5, ops: [tagAdded('x')] }),
    'a stamp past exact numbers': encode({ v: 1, hlc: Number.MAX_SAFE_INTEGER, ops: [tagAdded('x')] }),
    'the same key twice': bytes(0xa2, 0x61, 0x76, 0x01, 0x61, 0x76, 0x01),
    'an indefinite list': bytes(0x9f, 0x01, 0xff),
    'a tag': bytes(0xc0, 0x61, 0x61),
    'not a number': encode({ v: 1, hlc: 1, ops: [{ kind: 'x', n: NaN }] }),
    undefined: encode({ v: 1, hlc: 1, ops: [{ kind: 'x', n: undefined }] }),
    'a big integer': encode({ v: 1, hlc: 1, ops: [{ kind: 'x', n: 2n ** 60n }] }),
    'more after it': Uint8Array.from([...encodeFrame(frameOf(tagAdded('x'))), 0]),
  }
  for (const [name, block] of Object.entries(cases)) assert.equal(decodeFrame(block).outcome, 'invalid', name)
  assert.equal(decodeFrame(deep(13)).outcome, 'frame')
})

test('nothing is written that would not be read back whole', () => {
  const bad: UnknownOperation[] = [
    { kind: 'tag.added', asset, tag: '' },
    { kind: 'x', n: -0 },
    { kind: 'x', n: NaN },
    { kind: 'x', n: 2 ** 60 },
    { kind: 'x', n: 1n },
    { kind: 'x', n: undefined },
    { kind: 'x', n: new Date() },
    { kind: 'x', n: '\ud800' },
    { kind: '' },
  ]
  for (const operation of bad) {
    assert.throws(() => encodeFrame(frameOf(operation)), { code: 'invalid-operation' })
    assert.throws(() => packFrames([operation], () => 1), { code: 'invalid-operation' })
  }
})

test('packing keeps order and stamps within both limits', () => {
  const operation = fc.oneof(
    { weight: 5, arbitrary: knownOperation },
    {
      weight: 1,
      arbitrary: fc.integer({ min: 0, max: 200_000 }).map(n => ({ kind: 'x.big', bytes: new Uint8Array(n) })),
    },
  )
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 400 }), ops => {
      let stamp = 1000
      const frames = packFrames(ops, count => (stamp += count) - count)
      let expected = 1000
      for (const { frame, block } of frames) {
        assert.ok(block.length <= MAX_FRAME_BYTES)
        assert.ok(frame.ops.length <= MAX_FRAME_OPERATIONS)
        assert.equal(frame.hlc, expected)
        expected += frame.ops.length
        assert.deepEqual(decoded(block), frame)
      }
      assert.deepEqual(
        frames.flatMap(({ frame }) => frame.ops),
        ops,
      )
    }),
    { numRuns: 100, seed: 3 },
  )
})

test('a frame is filled to the limit before the next begins', () => {
  const frames = packFrames(
    Array.from({ length: 250 }, (_, i) => tagAdded(`t${i}`)),
    () => 1,
  )
  assert.deepEqual(
    frames.map(({ frame }) => frame.ops.length),
    [100, 100, 50],
  )
  const big = { kind: 'x', bytes: new Uint8Array(MAX_FRAME_BYTES - 60) }
  assert.equal(packFrames([big], () => Number.MAX_SAFE_INTEGER - 200).length, 1)
  let stamps = 0
  const tooBig = { kind: 'x', bytes: new Uint8Array(MAX_FRAME_BYTES) }
  assert.throws(() => packFrames([tagAdded('a'), tooBig], count => (stamps += count)), { code: 'operation-too-large' })
  assert.equal(stamps, 0)
})

test('100,000 random and mutated blocks: an answer for each, and a frame that is answered can be written again', () => {
  const below = numbers(4)
  const seeds = [
    encodeFrame(
      frameOf(tagAdded('beach'), {
        kind: 'x.new',
        list: [1, { a: 'b' }, new Uint8Array(4)],
        deep: { er: { yet: null } },
      }),
    ),
    encodeFrame(frameOf({ kind: 'asset.set', asset, change: { field: 'rating', value: 3 } })),
    encodeFrame(frameOf({ kind: 'name.set', of: 'device', id: 'd', name: 'Kitchen' }, { kind: 'x', f: 1.5, t: 'é' })),
  ]
  let frames = 0
  for (let round = 0; round < 100_000; round++) {
    let block: Uint8Array
    if (round % 4 === 0) block = Uint8Array.from({ length: below(64) }, () => below(256))
    else {
      block = Uint8Array.from(seeds[below(seeds.length)]!)
      for (let hits = 1 + below(4); hits > 0; hits--) block[below(block.length)] = below(256)
      if (below(8) === 0) block = block.subarray(0, below(block.length))
    }
    const result = decodeFrame(block)
    if (result.outcome === 'invalid') continue
    frames++
    try {
      const again = decodeFrame(encodeFrame(result.frame))
      assert.equal(again.outcome, 'frame')
      if (again.outcome === 'frame') assert.deepEqual(again.frame, result.frame)
    } catch (thrown) {
      throw new HomerollError('fuzz', `round ${round}: ${Buffer.from(block).toString('hex')}`, { cause: thrown })
    }
  }
  assert.ok(frames > 1000, `only ${frames} of the mutated blocks were frames`)
})
