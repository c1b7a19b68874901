/** What tells one item of a list from the others: equal for equal values of a merge key. */
type KeyOf = (item: unknown) => unknown

const textOf = (key: unknown): string => JSON.stringify(key) ?? ''

/** A list whose items are found by a key, however many there are; where a key occurs twice, the first one is meant. */
export class KeyedList {
  readonly #keyOf: KeyOf
  /** With a hole for each item that was deleted. */
  readonly #items: ({ item: unknown } | undefined)[] = []
  readonly #places = new Map<string, number[]>()

  constructor(items: readonly unknown[], keyOf: KeyOf) {
    this.#keyOf = keyOf
    for (const item of items) this.push(item)
  }

  get(key: unknown): unknown {
    const [place] = this.#places.get(textOf(key)) ?? []
    return place === undefined ? undefined : this.#items[place]?.item
  }

  /** Takes the place of the item with the same key, or the last place. */
  set(item: unknown): void {
    const [place] = this.#places.get(textOf(this.#keyOf(item))) ?? []
    if (place === undefined) this.push(item)
    else this.#items[place] = { item }
  }

  push(item: unknown): void {
    const key = textOf(this.#keyOf(item))
    const place = this.#items.push({ item }) - 1
    const places = this.#places.get(key)
    if (places) places.push(place)
    else this.#places.set(key, [place])
  }

  /** Takes away every item with this key. */
  delete(key: unknown): void {
    for (const place of this.#places.get(textOf(key)) ?? []) this.#items[place] = undefined
    this.#places.delete(textOf(key))
  }

  get items(): unknown[] {
    return this.#items.flatMap((held) => (held === undefined ? [] : [held.item]))
  }
}

/** Where in a list the first item with the key of another one stands; -1 if nowhere. */
export function positionsIn(items: readonly unknown[], keyOf: KeyOf): (item: unknown) => number {
  const positions = new Map<string, number>()
  for (const [position, item] of items.entries()) {
    const key = textOf(keyOf(item))
    if (!positions.has(key)) positions.set(key, position)
  }
  return (item) => positions.get(textOf(keyOf(item))) ?? -1
}
