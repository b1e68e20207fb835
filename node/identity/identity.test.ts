import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { errorCode, HomerollError } from '../../shared/errors/index.ts'
import { fromHex, toHex } from '../../shared/ids/index.ts'
import { deviceIdOf, openIdentity, publicKeyOf, verifySignature } from './index.ts'
import { readGenesis, spaceIdOf } from './genesis.ts'

let root = ''
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'homeroll-identity-'))
})
after(() => rm(root, { recursive: true, force: true }))

const fresh = () => mkdtemp(join(root, 'data-'))
const keyFile = (data: string) => join(data, 'keys', 'identity.key')

test('the first start makes an identity and every later start finds the same', async () => {
  const data = await fresh()
  const first = await openIdentity(data)
  const second = await openIdentity(data)
  assert.match(first.deviceId, /^12D3KooW[1-9A-HJ-NP-Za-km-z]{44}$/)
  assert.match(first.household.id, /^[0-9a-f]{64}$/)
  assert.equal(first.household.key.length, 32)
  assert.deepEqual(second.household.key, first.household.key)
  for (const name of ['deviceId', 'publicKey', 'boxPublicKey', 'household'] as const) {
    assert.deepEqual(second[name], first[name], name)
  }
  assert.deepEqual(second.deriveSecret('a'), first.deriveSecret('a'))
  assert.notDeepEqual(first.deriveSecret('a'), first.deriveSecret('b'))
  assert.deepEqual(await readdir(join(data, 'keys')), ['identity.key'])
})

test('two first starts at once agree on one identity', async () => {
  const data = await fresh()
  const [one, two] = await Promise.all([openIdentity(data), openIdentity(data)])
  assert.equal(one.deviceId, two.deviceId)
  assert.equal((await openIdentity(data)).deviceId, one.deviceId)
})

test('key file and folder are the owner’s alone', async () => {
  const data = await fresh()
  await openIdentity(data)
  assert.equal((await stat(keyFile(data))).mode & 0o777, 0o600)
  assert.equal((await stat(join(data, 'keys'))).mode & 0o777, 0o700)
})

test('a device id is the libp2p peer id of the key', () => {
  const counting = Uint8Array.from({ length: 32 }, (_, i) => i)
  for (const key of [new Uint8Array(32), counting]) {
    assert.match(deviceIdOf(key), /^12D3KooW/)
    assert.deepEqual(publicKeyOf(deviceIdOf(key)), key)
  }
  // The public key of the libp2p peer-id specification's Ed25519 example; its base58 worked out with other code.
  const known = fromHex('1ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e')
  assert.equal(deviceIdOf(known), '12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq')
  for (const text of [
    '',
    'x',
    '12D3KooW',
    'l0OI',
    deviceIdOf(counting).slice(1),
    'Qm'.padEnd(46, 'a'),
    '1'.repeat(10_000),
  ]) {
    assert.equal(publicKeyOf(text), null, text.slice(0, 60))
  }
})

test('the founder signs the genesis, whose hash is the space id', async () => {
  const { household, publicKey } = await openIdentity(await fresh())
  assert.equal(spaceIdOf(household.genesis), household.id)
  assert.deepEqual(readGenesis(household.genesis, household.genesisSignature)?.founder, Uint8Array.from(publicKey))
  const flip = (bytes: Uint8Array, at: number) => Uint8Array.from(bytes, (byte, i) => (i === at ? byte ^ 1 : byte))
  for (let at = 0; at < household.genesis.length; at++) {
    assert.equal(readGenesis(flip(household.genesis, at), household.genesisSignature), null)
  }
  assert.equal(readGenesis(household.genesis, flip(household.genesisSignature, 9)), null)
})

test('a signature holds for its message, purpose and key, and nothing else', async () => {
  const one = await openIdentity(await fresh())
  const two = await openIdentity(await fresh())
  const message = Buffer.from('hello')
  const signature = one.sign('charter', message)
  assert.equal(verifySignature('charter', message, signature, one.publicKey), true)
  assert.equal(verifySignature('genesis', message, signature, one.publicKey), false)
  assert.equal(verifySignature('charter', Buffer.from('hellp'), signature, one.publicKey), false)
  assert.equal(verifySignature('charter', message, signature, two.publicKey), false)
  assert.equal(verifySignature('charter', message, signature.subarray(1), one.publicKey), false)
})

test('a damaged key file is refused, whatever byte is hit, and left as it is', async () => {
  const data = await fresh()
  await openIdentity(data)
  const whole = await readFile(keyFile(data))
  const secrets = JSON.parse(whole.toString()) as Record<string, string>
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), fc.boolean(), async (at, by, cut) => {
      const hurt = cut ? whole.subarray(0, at) : Uint8Array.from(whole, (byte, i) => (i === at ? byte ^ by : byte))
      await writeFile(keyFile(data), hurt)
      try {
        const identity = await openIdentity(data)
        // White space and letter case may differ without harm; the keys may not.
        assert.equal(toHex(identity.household.key), secrets.spaceKey)
      } catch (thrown) {
        if (!(thrown instanceof HomerollError)) throw thrown
        assert.ok(['key-file-damaged', 'key-file-newer'].includes(thrown.code), thrown.code)
        for (const name of ['signingSeed', 'boxSecret', 'spaceKey']) {
          assert.ok(!inspect(thrown).includes(secrets[name]!.slice(0, 12)), 'a key is in the error')
        }
      }
      assert.deepEqual(await readFile(keyFile(data)), Buffer.from(hurt))
    }),
    { numRuns: 300, seed: 1 },
  )
})

test('a key file that others may read is refused', { skip: process.platform === 'win32' }, async () => {
  const data = await fresh()
  await openIdentity(data)
  await chmod(keyFile(data), 0o640)
  await assert.rejects(openIdentity(data), { code: 'key-file-exposed' })
  assert.equal((await stat(keyFile(data))).mode & 0o777, 0o640)
  await chmod(keyFile(data), 0o600)
  await openIdentity(data)
  await chmod(join(data, 'keys'), 0o777)
  await assert.rejects(openIdentity(data), { code: 'key-folder-exposed' })
})

test('a lost key file is not answered with a new identity', async () => {
  const data = await fresh()
  await assert.rejects(openIdentity(data, { create: false }), { code: 'key-file-missing' })
  await mkdir(join(data, 'keys', 'identity.key'))
  await assert.rejects(openIdentity(data), thrown => errorCode(thrown) !== 'unexpected')
})

test('neither inspection nor JSON of an identity shows a secret', async () => {
  const data = await fresh()
  const identity = await openIdentity(data)
  const secrets = JSON.parse(await readFile(keyFile(data), 'utf8')) as Record<string, string>
  const shown = `${inspect(identity, { depth: 9, showHidden: false })} ${JSON.stringify(identity)}`
  const plain = shown.replaceAll(/[^0-9a-f]/g, '')
  for (const name of ['signingSeed', 'boxSecret', 'spaceKey']) {
    assert.ok(!plain.includes(secrets[name]!.slice(0, 16)), name)
    const numbers = JSON.stringify([...fromHex(secrets[name]!)]).slice(1, 40)
    assert.ok(!shown.includes(numbers), name)
  }
})
