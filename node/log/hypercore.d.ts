/** The few calls that are used of packages that ship no types. Read from hypercore 11.37, corestore 7.12, hyperdrive 13.3. */

declare module 'hypercore' {
  /** Opaque here: the RocksDB that all cores of a store share. */
  export interface CorestoreStorage {
    /** Deletes the write-ahead log when opening fails in one certain way; replaced at opening. */
    _maybeRecoverLater: (error: Error) => void
    /** The database itself; `flush` writes its table in memory out, or rejects with the fault that stopped it. */
    rocks: { flush(): Promise<void> }
    close(): Promise<void>
  }
  export default class Hypercore {
    static defaultStorage(folder: string, options: Record<string, unknown>): CorestoreStorage
    readonly key: Buffer
    readonly length: number
    readonly byteLength: number
    readonly writable: boolean
    ready(): Promise<void>
    /** All blocks in one write of the store, or none. */
    append(blocks: Uint8Array[]): Promise<{ length: number; byteLength: number }>
    /** Null only with `wait: false`, where the block is not held. */
    get(index: number, options?: { wait?: boolean }): Promise<Buffer | null>
    close(): Promise<void>
  }
}

declare module 'corestore' {
  import type Hypercore from 'hypercore'
  import type { CorestoreStorage } from 'hypercore'
  export default class Corestore {
    constructor(storage: CorestoreStorage, options: { primaryKey: Uint8Array; unsafe: true })
    ready(): Promise<void>
    get(options: { name: string; encryptionKey: Uint8Array }): Hypercore
    namespace(name: string): Corestore
    close(): Promise<void>
  }
}

declare module 'hyperdrive' {
  import type Corestore from 'corestore'
  import type Hypercore from 'hypercore'
  /** Where an entry's bytes lie in the drive's core of bytes. */
  export interface BlobPlace {
    blockOffset: number
    blockLength: number
    byteOffset: number
    byteLength: number
  }
  export interface Entry {
    key: string
    value: { blob: BlobPlace | null; metadata: unknown }
  }
  export default class Hyperdrive {
    constructor(store: Corestore, options: { encryptionKey: Uint8Array })
    readonly id: string
    ready(): Promise<void>
    getBlobs(): Promise<{ core: Hypercore; blockSize: number }>
    entry(name: string, options?: { wait?: boolean }): Promise<Entry | null>
    putEntry(name: string, value: { blob: BlobPlace; metadata: unknown }): Promise<void>
    list(folder: string, options?: { recursive?: boolean }): AsyncIterable<Entry>
    /** Closes the store session that it was given, too. */
    close(): Promise<void>
  }
}
