/** The few values read last, by key; the one unused longest goes first. */
export class RecentlyUsed<K, V> {
  readonly #values = new Map<K, V>()
  readonly #capacity: number

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get(key: K): V | undefined {
    const value = this.#values.get(key)
    if (value === undefined) return undefined
    // A map keeps the order of insertion: what is put in again is the newest.
    this.#values.delete(key)
    this.#values.set(key, value)
    return value
  }

  set(key: K, value: V): void {
    this.#values.delete(key)
    this.#values.set(key, value)
    if (this.#values.size > this.#capacity)
      for (const oldest of this.#values.keys()) return void this.#values.delete(oldest)
  }
}
