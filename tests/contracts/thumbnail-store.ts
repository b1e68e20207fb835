import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import fc from 'fast-check'
import type { Thumbnail, ThumbnailStore } from '../../node/drive/index.ts'

/** What every implementation of `ThumbnailStore` holds to. `open` gives an empty one. */
export function thumbnailStoreContract(name: string, open: () => Promise<ThumbnailStore>): void {
  describe(`thumbnails: ${name}`, () => {
    let store: ThumbnailStore
    beforeEach(async () => {
      store = await open()
    })
    afterEach(() => store.close())

    const asset = (n: number) => n.toString(16).padStart(32, '0')
    const thumbnail = (version: number, size = 100): Thumbnail => ({
      mime: `image/v${version}`,
      bytes: new Uint8Array(size).fill(version),
      version,
    })
    const seen = (n: number) => {
      const found = store.get(asset(n))
      return found && { ...found, bytes: [...found.bytes] }
    }
    const shown = ({ bytes, ...rest }: Thumbnail) => ({ ...rest, bytes: [...bytes] })

    test('a new store is empty and says so', () => {
      assert.equal(store.created, true)
      assert.equal(store.get(asset(1)), null)
      assert.deepEqual(store.missing([asset(1), asset(2)], 0), [asset(1), asset(2)])
      store.put([])
    })

    test('what is put is read back', () => {
      store.put([
        { asset: asset(1), thumbnail: thumbnail(1) },
        { asset: asset(2), thumbnail: thumbnail(2, 20_000) },
        { asset: asset(3), thumbnail: thumbnail(0, 0) },
      ])
      assert.deepEqual(seen(1), shown(thumbnail(1)))
      assert.deepEqual(seen(2), shown(thumbnail(2, 20_000)))
      assert.deepEqual(seen(3), shown(thumbnail(0, 0)))
    })

    test('a newer version replaces an older, never the other way; the same version may be put again', () => {
      store.put([{ asset: asset(1), thumbnail: thumbnail(2) }])
      store.put([{ asset: asset(1), thumbnail: thumbnail(1) }])
      assert.equal(store.get(asset(1))?.version, 2)
      store.put([{ asset: asset(1), thumbnail: { ...thumbnail(2), mime: 'image/again' } }])
      assert.equal(store.get(asset(1))?.mime, 'image/again')
      store.put([{ asset: asset(1), thumbnail: thumbnail(3) }])
      assert.equal(store.get(asset(1))?.version, 3)
    })

    test('missing names what is absent or older, in the order asked', () => {
      store.put([1, 2, 3].map(n => ({ asset: asset(n), thumbnail: thumbnail(n) })))
      assert.deepEqual(store.missing([4, 3, 2, 1].map(asset), 2), [asset(4), asset(1)])
      assert.deepEqual(store.missing([], 1), [])
    })

    test('what the store holds is its own', () => {
      const mine = thumbnail(1)
      store.put([{ asset: asset(1), thumbnail: mine }])
      mine.bytes.fill(9)
      store.get(asset(1))!.bytes.fill(8)
      assert.deepEqual(seen(1), shown(thumbnail(1)))
    })

    test('any history of writes leaves the newest version of each', () => {
      const write = fc.record({ n: fc.nat(5), version: fc.nat(4), size: fc.nat(9000) })
      fc.assert(
        fc.property(fc.array(fc.array(write, { maxLength: 5 }), { maxLength: 6 }), batches => {
          const model = new Map<number, Thumbnail>()
          for (let n = 0; n < 6; n++) {
            const held = store.get(asset(n))
            if (held) model.set(n, { ...held, bytes: Uint8Array.from(held.bytes) })
          }
          for (const batch of batches) {
            store.put(batch.map(({ n, version, size }) => ({ asset: asset(n), thumbnail: thumbnail(version, size) })))
            for (const { n, version, size } of batch) {
              if ((model.get(n)?.version ?? -1) <= version) model.set(n, thumbnail(version, size))
            }
          }
          for (let n = 0; n < 6; n++) {
            const held = model.get(n)
            assert.deepEqual(seen(n), held ? shown(held) : null)
          }
        }),
        { numRuns: 60, seed: 7 },
      )
    })
  })
}
