import { startWorkerThread } from '../platform/index.ts'
import type { AssetIndex } from './asset-index.ts'
import type { ReaderCalls, ReaderData } from './reader-worker.ts'
import type { WriterCalls, WriterData } from './writer-worker.ts'

export interface IndexOptions {
  /** Path of the SQLite file; its folder exists. SQLite keeps two more files beside it. */
  file: string
  ownDevice: string
  /** What `withoutRenditions` and `withoutFacts` measure by: the versions that media makes. */
  renditionVersion: number
  factsVersion: number
}

// Reached by its address, as the threads' own files are: the room's index would bring all of Hypercore into the thread.
const CODEC = new URL('../log/frame.ts', import.meta.url)

/**
 * Opens the index, or makes an empty one where there is none, where its layout is of another version, or where it is
 * damaged: then `positions()` is empty, and the catalogue fills it from the logs.
 */
export async function openIndex(options: IndexOptions): Promise<AssetIndex> {
  const { file, ownDevice } = options
  const wanted = { renditions: options.renditionVersion, facts: options.factsVersion }
  const writerData: WriterData = { file, ownDevice, wanted, codec: CODEC.href }
  const writer = startWorkerThread<WriterCalls>(new URL('./writer-worker.ts', import.meta.url), writerData)
  // Readers cannot make the file: they start once it is there and in order.
  try {
    await writer.calls.open()
  } catch (thrown) {
    await writer.close()
    throw thrown
  }
  const readerData: ReaderData = { file, ownDevice }
  const startReader = () => startWorkerThread<ReaderCalls>(new URL('./reader-worker.ts', import.meta.url), readerData)
  // Two, so that a long list or a hard search never keeps the timeline waiting.
  const browse = startReader()
  const lists = startReader()
  await Promise.all([browse.calls.names(), lists.calls.names()])

  async function* dump(): AsyncIterable<string> {
    let cursor: Uint8Array | null = null
    do {
      const page: { lines: string[]; next: Uint8Array | null } = await lists.calls.dumpPage(cursor)
      yield* page.lines
      cursor = page.next
    } while (cursor)
  }

  return {
    apply: (blocks, now) => writer.calls.apply(blocks, now),
    positions: () => writer.calls.positions(),
    newestStamp: () => writer.calls.newestStamp(),
    clear: () => writer.calls.clear(),
    timeline: view => browse.calls.timeline(view),
    bucket: (view, bucket) => browse.calls.bucket(view, bucket),
    asset: id => browse.calls.asset(id),
    assets: ids => browse.calls.assets(ids),
    rendition: (id, which) => browse.calls.rendition(id, which),
    totals: () => browse.calls.totals(),
    names: () => browse.calls.names(),
    bySha256s: sha256s => browse.calls.bySha256s(sha256s),
    tagAdditions: (ids, tag) => browse.calls.tagAdditions(ids, tag),
    unknownIds: ids => browse.calls.unknownIds(ids),
    search: (query, limit) => lists.calls.search(query, limit),
    assetLines: (view, after, limit) => lists.calls.assetLines(view, after, limit),
    withoutRenditions: (limit, after) => lists.calls.withoutRenditions(limit, after),
    withoutFacts: (limit, after) => lists.calls.withoutFacts(limit, after),
    renditionPlaces: (limit, after) => lists.calls.renditionPlaces(limit, after),
    heldBy: (device, limit, after) => lists.calls.heldBy(device, limit, after),
    dump,
    async close() {
      // The last connection to close moves the write-ahead log into the file: that is the writer's to do.
      for (const thread of [browse, lists, writer]) {
        await thread.calls.close()
        await thread.close()
      }
    },
  }
}
