import { errorCode } from '../../shared/errors/index.ts'
import { startWorkerThread, type Calls } from '../platform/index.ts'
import { createRestingThread } from './resting-thread.ts'
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

/** Garbage that a thread gathers before it is swept: little, since it stays in memory while the thread rests. */
const LIMITS = { maxYoungGenerationSizeMb: 8 }
const LISTS_REST_AFTER_MS = 30_000

/**
 * Opens the index, or makes an empty one where there is none, where its layout is of another version, or where it is
 * damaged: then `positions()` is empty, and the catalogue fills it from the logs.
 */
export async function openIndex(options: IndexOptions): Promise<AssetIndex> {
  const { file, ownDevice } = options
  const wanted = { renditions: options.renditionVersion, facts: options.factsVersion }
  const writerData: WriterData = { file, ownDevice, wanted, codec: CODEC.href }
  const writerFile = new URL('./writer-worker.ts', import.meta.url)
  const writer = startWorkerThread<WriterCalls>(writerFile, writerData, LIMITS)
  const readerData: ReaderData = { file, ownDevice }
  const readerFile = new URL('./reader-worker.ts', import.meta.url)
  const startReader = () => startWorkerThread<ReaderCalls>(readerFile, readerData, LIMITS)
  const browse = startReader()
  try {
    // Readers cannot make the file: their first call comes once it is there and in order.
    await writer.calls.open()
    await browse.calls.names()
  } catch (thrown) {
    await Promise.all([writer.close(), browse.close()])
    throw thrown
  }
  // Long lists have a thread of their own, so that they never keep the timeline waiting.
  const lists = createRestingThread(startReader, LISTS_REST_AFTER_MS)

  /** Reads wait for this while the file is replaced. */
  let inPlace: Promise<unknown> = Promise.resolve()

  async function read<T>(work: (calls: Calls<ReaderCalls>) => Promise<T>): Promise<T> {
    await inPlace
    return work(browse.calls)
  }

  async function list<T>(work: (calls: Calls<ReaderCalls>) => Promise<T>): Promise<T> {
    await inPlace
    return lists.use(work)
  }

  async function replace(): Promise<void> {
    await lists.close()
    await browse.calls.close()
    await writer.calls.replace()
  }

  async function clear(): Promise<void> {
    try {
      await writer.calls.clear()
    } catch (thrown) {
      if (errorCode(thrown) !== 'index-damaged') throw thrown
      const replaced = replace()
      inPlace = replaced.catch(() => undefined)
      await replaced
    }
  }

  async function* dump(): AsyncIterable<string> {
    let cursor: Uint8Array | null = null
    do {
      const position: Uint8Array | null = cursor
      const page: { lines: string[]; next: Uint8Array | null } = await list(calls => calls.dumpPage(position))
      yield* page.lines
      cursor = page.next
    } while (cursor)
  }

  return {
    apply: (blocks, now) => writer.calls.apply(blocks, now),
    positions: () => writer.calls.positions(),
    newestStamp: () => writer.calls.newestStamp(),
    clear,
    timeline: view => read(calls => calls.timeline(view)),
    bucket: (view, bucket) => read(calls => calls.bucket(view, bucket)),
    asset: id => read(calls => calls.asset(id)),
    assets: ids => read(calls => calls.assets(ids)),
    rendition: (id, which) => read(calls => calls.rendition(id, which)),
    totals: () => read(calls => calls.totals()),
    names: () => read(calls => calls.names()),
    bySha256s: sha256s => read(calls => calls.bySha256s(sha256s)),
    tagAdditions: (ids, tag) => read(calls => calls.tagAdditions(ids, tag)),
    unknownIds: ids => read(calls => calls.unknownIds(ids)),
    search: (query, limit) => read(calls => calls.search(query, limit)),
    assetLines: (view, after, limit) => list(calls => calls.assetLines(view, after, limit)),
    damaged: (limit, after) => list(calls => calls.damaged(limit, after)),
    withoutRenditions: (limit, after) => list(calls => calls.withoutRenditions(limit, after)),
    withoutFacts: (limit, after) => list(calls => calls.withoutFacts(limit, after)),
    renditionPlaces: (limit, after) => list(calls => calls.renditionPlaces(limit, after)),
    heldBy: (device, limit, after) => list(calls => calls.heldBy(device, limit, after)),
    dump,
    async close() {
      // The last connection to close moves the write-ahead log into the file: that is the writer's to do.
      await lists.close()
      for (const thread of [browse, writer]) {
        await thread.calls.close()
        await thread.close()
      }
    },
  }
}
