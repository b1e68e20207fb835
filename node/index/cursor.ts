import { HomerollError } from '../../shared/errors/index.ts'
import { fromHex } from '../../shared/ids/index.ts'

/** Where a list in the order of the timeline goes on: after this date-time and id. */
export interface TimelineCursor {
  taken: string
  id: Uint8Array
}

/** Sorts after every date-time. */
const START: TimelineCursor = { taken: '\uffff', id: new Uint8Array(0) }

export function readTimelineCursor(cursor: string | null): TimelineCursor {
  if (cursor === null) return START
  const [, taken, id] = /^([0-9T:.-]{19,23})~([0-9a-f]{32})$/.exec(cursor) ?? []
  if (taken === undefined || id === undefined) throw refuse(cursor)
  return { taken, id: fromHex(id) }
}

export function writeTimelineCursor(taken: string, id: string): string {
  return `${taken}~${id}`
}

export function readNumberCursor(cursor: string | null): number {
  if (cursor === null) return 0
  if (!/^\d{1,15}$/.test(cursor)) throw refuse(cursor)
  return Number(cursor)
}

function refuse(cursor: string): HomerollError {
  const message = `${JSON.stringify(cursor.slice(0, 60))} is no cursor of this list: start again without one`
  return new HomerollError('bad-cursor', message, { status: 400 })
}
