import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openLedger, type Ledger, type LedgerFile } from './ledger.ts'

function begin(ledger: Ledger, id: string, quiet = false): void {
  ledger.begin({ id, paths: ['/photos'], inPlace: false, quiet, startedAt: `2024-01-01T00:00:0${id}Z` })
}
const file = (path: string, rest: Partial<LedgerFile> = {}): LedgerFile => ({
  path,
  outcome: 'imported',
  bytes: 10,
  asset: path,
  code: null,
  message: null,
  ...rest,
})

test('an imported file that turns out damaged moves to the failures, with its reason and path', () => {
  const ledger = openLedger(':memory:')
  begin(ledger, '1')
  ledger.record('1', file('a'))
  ledger.record('1', file('b'))
  assert.deepEqual(ledger.unrendered('1', null, 10), ['a', 'b'])
  assert.deepEqual(ledger.rendered('a', null), ['1'])
  assert.deepEqual(ledger.rendered('b', { code: 'damaged', message: 'cut short' }), ['1'])
  assert.deepEqual(ledger.rendered('b', null), [], 'nobody waits for it any more')
  assert.deepEqual(ledger.counts('1'), { imported: 1, duplicates: 0, failed: 1, bytes: 20, rendered: 2 })
  assert.deepEqual(ledger.failures('1', 10), [{ path: 'b', code: 'damaged', message: 'b: cut short' }])
  ledger.close()
})

test('going on after a stop skips what was dealt with and tries failures again, but not damaged files', () => {
  const ledger = openLedger(':memory:')
  begin(ledger, '1')
  ledger.record('1', file('done'))
  ledger.record('1', file('broken'))
  ledger.rendered('broken', { code: 'damaged', message: 'no' })
  ledger.record('1', file('locked', { outcome: 'failed', asset: null, code: 'unreadable', message: 'no' }))
  ledger.forgetFailures('1')
  assert.equal(ledger.isDone('1', 'done'), true)
  assert.equal(ledger.isDone('1', 'broken'), true)
  assert.equal(ledger.isDone('1', 'locked'), false)
  ledger.close()
})

test('a finished import keeps its counts and failures and forgets its successes; old ones go', () => {
  const ledger = openLedger(':memory:')
  for (const id of ['1', '2', '3']) {
    begin(ledger, id)
    ledger.record(id, file('a'))
    ledger.record(id, file('b', { outcome: 'failed', asset: null, code: 'empty', message: 'b is empty' }))
    ledger.setState(id, 'done', '2024-01-02T00:00:00Z')
    ledger.finish(id, 2)
  }
  assert.deepEqual(
    ledger.imports().map(entry => entry.id),
    ['2', '3'],
  )
  assert.deepEqual(ledger.counts('3'), { imported: 1, duplicates: 0, failed: 1, bytes: 20, rendered: 0 })
  assert.equal(ledger.isDone('3', 'a'), true, 'its successes go bit by bit')
  while (ledger.tidy(1));
  assert.deepEqual(ledger.counts('3'), { imported: 1, duplicates: 0, failed: 1, bytes: 20, rendered: 0 })
  assert.equal(ledger.isDone('3', 'a'), false)
  assert.equal(ledger.failures('3', 10).length, 1)
  ledger.close()
})
