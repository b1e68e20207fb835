import assert from 'node:assert/strict'
import type { NetworkInterfaceInfo } from 'node:os'
import { test } from 'node:test'
import { hostNamesFor } from './host-names.ts'

const address = (text: string, family: 'IPv4' | 'IPv6', internal: boolean) =>
  ({ address: text, family, internal }) as NetworkInterfaceInfo

test('only a node that listens everywhere answers under the addresses of the network', () => {
  const interfaces = {
    lo: [address('127.0.0.1', 'IPv4', true)],
    eth0: [address('192.168.1.7', 'IPv4', false), address('fe80::1%eth0', 'IPv6', false)],
  }
  assert.deepEqual(hostNamesFor(undefined, interfaces), [])
  assert.deepEqual(hostNamesFor('127.0.0.1', interfaces), [])
  assert.deepEqual(hostNamesFor('0.0.0.0', interfaces), ['192.168.1.7', '[fe80::1]'])
})
