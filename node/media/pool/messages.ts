import type { Source } from '../formats/format.ts'
import type { FirstView, Rendering } from '../media.ts'

/** What a worker process can be asked for, and what it answers. */
export interface Answers {
  firstView: FirstView
  render: Rendering
}

export type Job<K extends keyof Answers = keyof Answers> = {
  kind: K
  /** Key of a registered format. */
  format: string
  source: Source
}

/** From a worker: up and waiting; its memory in bytes, where the system cannot be asked; the answer to its one job. */
export type Report =
  | { report: 'ready' }
  | { report: 'memory'; bytes: number }
  | { report: 'answer'; value: unknown }
  | { report: 'fault'; code: string; message: string }
