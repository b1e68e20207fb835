import type { Facts } from '../../shared/schema/index.ts'

/** What a file is by its content, never by its name. */
export interface Identified {
  /** Key of the registered format, `jpeg`. */
  format: string
  mime: string
  type: 'photo' | 'video'
}

export type Identity =
  | { outcome: 'known'; identified: Identified }
  /** Recognised, but not taken in yet (`HEIC`). */
  | { outcome: 'unsupported'; name: string }
  | { outcome: 'unknown' }

export interface Picture {
  bytes: Uint8Array
  mime: string
  width: number
  height: number
}

/** The first view: fast, from the head of the file alone. */
export interface FirstView {
  facts: Facts
  /** The file's own small picture, upright, ready to show; null where it has none. */
  standIn: Picture | null
}

export type Rendering =
  | {
      outcome: 'rendered'
      /** As displayed. */
      width: number
      height: number
      durationMs: number | null
      thumbhash: Uint8Array
      thumbnail: Picture
      preview: Picture
    }
  | { outcome: 'damaged'; code: string; message: string }

/**
 * Reads and decodes files in worker processes with limits, so that a hostile or broken file can end a worker but never
 * the node. All calls queue within, bounded by the workers; all can be cancelled.
 */
export interface Media {
  /** Looks at the first bytes. Rejects with the system's error when the file cannot be read. */
  identify(path: string): Promise<Identity>
  /** `fileTime` (ms since 1970) dates files that carry no date. */
  firstView(path: string, identified: Identified, fileTime: number, signal?: AbortSignal): Promise<FirstView>
  /**
   * The authority on facts. Where exiftool cannot run, the first view, and its version: then the facts are still to be
   * read, and `warnings` says why.
   */
  facts(
    path: string,
    identified: Identified,
    fileTime: number,
    signal?: AbortSignal,
  ): Promise<{ facts: Facts; version: number }>
  /** One decode: thumbhash, thumbnail, preview. */
  render(path: string, identified: Identified, signal?: AbortSignal): Promise<Rendering>
  /** What is missing on this machine, for the status: `exiftool-missing`, `ffmpeg-missing`. */
  warnings(): { code: string; message: string }[]
  close(): Promise<void>
}

/** Versions of what this room produces, written into operations: raise one to have everything made again. */
export const FIRST_VIEW_VERSION = 1
export const FACTS_VERSION = 2
export const RENDITION_VERSION = 1
