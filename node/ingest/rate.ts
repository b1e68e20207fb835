/** Files and bytes a second over the last moments. */
export interface Rate {
  add(files: number, bytes: number): void
  read(): { filesPerSecond: number; bytesPerSecond: number }
}

const WINDOW_MS = 10_000

/** `now` in milliseconds. */
export function createRate(now: () => number): Rate {
  const start = now()
  let events: { at: number; files: number; bytes: number }[] = []
  return {
    add(files, bytes) {
      const at = now()
      const last = events.at(-1)
      // A tenth of a second is fine enough, and keeps the list short.
      if (last && at - last.at < 100) {
        last.files += files
        last.bytes += bytes
      } else events.push({ at, files, bytes })
    },
    read() {
      const at = now()
      events = events.filter(event => at - event.at <= WINDOW_MS)
      const seconds = Math.max(0.5, Math.min(WINDOW_MS, at - start) / 1000)
      const files = events.reduce((sum, event) => sum + event.files, 0)
      const bytes = events.reduce((sum, event) => sum + event.bytes, 0)
      return { filesPerSecond: files / seconds, bytesPerSecond: bytes / seconds }
    },
  }
}
