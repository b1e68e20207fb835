import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  FRAME_VERSION,
  operationSchemas,
  type Frame,
  type Operation,
  type OperationKind,
} from '../../shared/schema/index.ts'
import { batched, draws, history, mixed, NOW, type History } from '../../tests/helpers/histories.ts'
import { applyBlocks, createMemoryState, createRules, type LogBlock, type Rules } from './index.ts'

const encode = (frame: Frame) => Buffer.from(JSON.stringify(frame))
const decode = (block: Uint8Array) => {
  const frame = JSON.parse(Buffer.from(block).toString()) as Frame
  return frame.hlc < 0 ? { outcome: 'invalid' as const, message: 'no stamp' } : { outcome: 'frame' as const, frame }
}
const full = createRules()
const THREE_DAYS = 3 * 24 * 3600 * 1000

function apply(state = createMemoryState(), blocks: LogBlock[] = [], now = NOW, rules: Rules = full) {
  return applyBlocks(state, blocks, { now, ownDevice: 'own', decode, rules })
}

/** The state once every stamp may count. */
function settled(batches: LogBlock[][], rules = full): string[] {
  const state = createMemoryState()
  for (const batch of batches) apply(state, batch, NOW, rules)
  apply(state, [], NOW + THREE_DAYS, rules)
  return state.dump()
}

function operationsOf(logs: History): { operation: Operation; stamp: number; device: string }[] {
  return Object.entries(logs).flatMap(([device, frames]) =>
    frames.flatMap(({ hlc, ops }) =>
      ops.flatMap((operation, i) => (full.knows(operation) ? [{ operation, stamp: hlc + i, device }] : [])),
    ),
  )
}

describe('merging histories', () => {
  test('operations in any order, any number of times, come to the same state', () => {
    fc.assert(
      fc.property(history, fc.infiniteStream(fc.nat()), (logs, random) => {
        const operations = operationsOf(logs)
        const merged = (list: typeof operations) => {
          const state = createMemoryState()
          for (const { operation, stamp, device } of list) full.merge(state, operation, { stamp, device })
          return state.dump()
        }
        const expected = merged(operations)
        assert.deepEqual(merged([...operations].reverse()), expected)
        const keyed = [...operations, ...operations].map(entry => ({ entry, key: random.next().value as number }))
        assert.deepEqual(merged(keyed.sort((a, b) => a.key - b.key).map(({ entry }) => entry)), expected)
      }),
      { numRuns: 10_000 },
    )
  })

  test('logs mixed, batched and repeated in any way come to the same state', () => {
    fc.assert(
      fc.property(history, draws, draws, (logs, order, cut) => {
        const expected = settled([mixed(logs, encode, [0])])
        assert.deepEqual(settled(batched(mixed(logs, encode, order), cut)), expected)
        const late = createMemoryState()
        apply(late, mixed(logs, encode, order), NOW + THREE_DAYS)
        assert.deepEqual(late.dump(), expected)
      }),
      { numRuns: 3000 },
    )
  })

  test('what older rules do not know is kept, and counts once the rules learn it', () => {
    const kinds = Object.keys(operationSchemas) as OperationKind[]
    fc.assert(
      fc.property(history, fc.subarray(kinds), draws, (logs, known, order) => {
        const older = createRules(known, 0.5)
        const blocks = mixed(logs, encode, order)
        const state = createMemoryState()
        for (const block of blocks) apply(state, [block], NOW, older)
        apply(state, [], NOW + THREE_DAYS, full)
        assert.deepEqual(state.dump(), settled([blocks]))
      }),
      { numRuns: 1000 },
    )
  })
})

describe('blocks that count later', () => {
  const name = (text: string): Operation => ({ kind: 'name.set', of: 'household', id: 'x', name: text })
  const block = (device: string, hlc: number, op: Operation, v = 1): LogBlock => ({
    device,
    seq: 0,
    block: encode({ v, hlc, ops: [op] }),
  })
  const DAY = 24 * 3600 * 1000

  test('a stamp over a day ahead waits until the clock allows it; this device trusts its own', () => {
    const state = createMemoryState()
    const hlc = (NOW + DAY) * 1000 + 1
    assert.equal(apply(state, [block('ann', hlc, name('from ann'))]).heldBack, 1)
    assert.equal(state.name('household', 'x'), undefined)
    assert.equal(state.newestStamp(), 0)
    apply(state, [], NOW + 1)
    assert.equal(state.name('household', 'x')?.name, 'from ann')
    const own = createMemoryState()
    assert.equal(apply(own, [block('own', hlc * 2, name('from myself'))]).heldBack, 0)
    assert.equal(own.name('household', 'x')?.name, 'from myself')
  })

  test('frames as this version writes them count', () => {
    assert.equal(full.frameVersion, FRAME_VERSION)
  })

  test('a frame of a newer version waits whole', () => {
    const state = createMemoryState()
    assert.equal(apply(state, [block('ann', NOW * 1000, name('newer'), 2)]).unknown, 1)
    assert.equal(state.name('household', 'x'), undefined)
    apply(state, [], NOW, { ...full, version: full.version + 1, frameVersion: 2 })
    assert.equal(state.name('household', 'x')?.name, 'newer')
  })

  test('a block that cannot be read is counted, kept and passed', () => {
    const state = createMemoryState()
    assert.equal(apply(state, [block('ann', -1, name('x'))]).invalid, 1)
    assert.deepEqual(state.position('ann')?.length, 1)
    assert.ok(state.dump().some(line => line.startsWith('deferred ann 0 invalid')))
  })

  test('a gap and another past are refused', () => {
    const state = createMemoryState()
    assert.throws(() => apply(state, [{ ...block('ann', NOW * 1000, name('x')), seq: 1 }]), { code: 'log-gap' })
    apply(state, [block('ann', NOW * 1000, name('x'))])
    apply(state, [block('ann', NOW * 1000, name('x'))])
    assert.throws(() => apply(state, [block('ann', NOW * 1000, name('y'))]), { code: 'log-differs' })
  })
})
