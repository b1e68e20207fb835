const WINDOW_MS = 60_000

/** Counts wrong tokens within the last minute. */
export interface Attempts {
  wrong(): void
  exhausted(): boolean
}

export function createAttempts(limit: number, now: () => number): Attempts {
  let times: number[] = []
  const recent = () => (times = times.filter(time => time > now() - WINDOW_MS && time <= now()))
  return {
    wrong() {
      if (recent().length < limit) times.push(now())
    },
    exhausted: () => recent().length >= limit,
  }
}
