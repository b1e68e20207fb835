/** A list of listeners; a listener that throws harms nobody else. */
export interface Emitter<T> {
  emit(event: T): void
  /** Returns the way to stop listening. */
  listen(listener: (event: T) => void): () => void
}

export function createEmitter<T>(): Emitter<T> {
  const listeners = new Set<(event: T) => void>()
  return {
    emit(event) {
      for (const listener of [...listeners]) {
        try {
          listener(event)
        } catch (thrown) {
          queueMicrotask(() => process.emitWarning(thrown instanceof Error ? thrown : String(thrown)))
        }
      }
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
