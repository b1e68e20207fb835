import type { FirstView, Rendering } from '../media.ts'

/** A file seen from its first bytes on; nothing is read that is not asked for. */
export interface Peek {
  /** The first 4 KiB, or the whole file where it is shorter. */
  head: Uint8Array
  /** Of the file, in bytes. */
  size: number
  /** Up to `length` (at most 1 MiB) bytes at `offset`; fewer at the end of the file. */
  read(offset: number, length: number): Promise<Uint8Array>
}

/** What a reader gets to work with, inside a worker process. */
export interface Source {
  /** Absolute. */
  path: string
  mime: string
  /** Milliseconds since 1970: dates a file that carries no date. */
  fileTime: number
  /** The program that decodes video; null where this machine has none. */
  ffmpeg: string | null
  /** Bytes that a program started for this file may hold in memory. */
  memoryLimit: number
}

/** The part of a format that decodes. Throws for a fault of ours or of the machine; a bad file is an outcome. */
export interface Reader {
  firstView(source: Source): Promise<FirstView>
  render(source: Source): Promise<Rendering>
}

/**
 * A kind of file that is taken in. One folder under `formats/` exports one of these, and one line in `registry.ts`
 * registers it; nothing else in the program knows a format by name.
 */
export interface Format {
  /** Names it in `Identified.format`: lower case, stable. */
  key: string
  type: 'photo' | 'video'
  /** The MIME type where the content is of this format, else null. Never throws for strange bytes. */
  sniff(peek: Peek): string | null | Promise<string | null>
  /** Loads the decoder. Called in worker processes only, so that decoders never enter the node's own memory. */
  reader(): Promise<Reader>
  /** Milliseconds that rendering one file may take; 60,000 where not given. */
  timeoutMs?: number
}
