/**
 * A stamp of the hybrid logical clock: microseconds since 1970 as one safe integer (good until the year 2255), whose
 * last three digits count operations within a millisecond and carry over into the next when they run out.
 */
export type Stamp = number

/** Stamps further ahead of this device's wall clock than this are held back, never merged. Microseconds. */
export const MAX_AHEAD = 24 * 3600 * 1e6

/** Gives out stamps that never go back, whatever the wall clock does. */
export interface HybridClock {
  /** Reserves `count` consecutive stamps and returns the first. */
  next(count?: number): Stamp
  /** Learns a stamp seen elsewhere, so that what follows sorts after it. */
  observe(stamp: Stamp): void
}

/** `now` is the wall clock in milliseconds; `last` is the newest stamp this device ever gave out or saw. */
export function createHybridClock(now: () => number, last: Stamp = 0): HybridClock {
  let newest = last
  return {
    next(count = 1) {
      const first = Math.max(Math.floor(now()) * 1000, newest + 1)
      newest = first + count - 1
      return first
    },
    observe(stamp) {
      newest = Math.max(newest, stamp)
    },
  }
}

/** Orders two writes: by stamp, then by device, so that every replica picks the same winner. */
export function compareStamps(a: { stamp: Stamp; device: string }, b: { stamp: Stamp; device: string }): number {
  return a.stamp - b.stamp || (a.device < b.device ? -1 : a.device > b.device ? 1 : 0)
}
