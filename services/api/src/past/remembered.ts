/** A bounded cache: the least recently used entry goes first. */
export class Remembered<Key, Value> {
  readonly #countMax: number
  readonly #values = new Map<Key, Value>()

  constructor(countMax: number) {
    this.#countMax = countMax
  }

  get(key: Key): Value | undefined {
    const value = this.#values.get(key)
    if (value !== undefined) this.keep(key, value)
    return value
  }

  keep(key: Key, value: Value): void {
    this.#values.delete(key)
    this.#values.set(key, value)
    for (const oldest of this.#values.keys()) {
      if (this.#values.size <= this.#countMax) return
      this.#values.delete(oldest)
    }
  }
}
