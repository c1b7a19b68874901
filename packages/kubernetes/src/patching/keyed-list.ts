/** The key of an item; equal for equal values of a merge key. */
type KeyOf = (item: unknown) => unknown

const textOf = (key: unknown): string => JSON.stringify(key) ?? ''

/** A list with constant-time access by key; of several items with one key, the first counts. */
export class KeyedList {
  readonly #keyOf: KeyOf
  /** Deleted items leave holes. */
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

  /** Replaces the item with the same key, or appends. */
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

  /** Removes every item with this key. */
  delete(key: unknown): void {
    for (const place of this.#places.get(textOf(key)) ?? []) this.#items[place] = undefined
    this.#places.delete(textOf(key))
  }

  get items(): unknown[] {
    return this.#items.flatMap((held) => (held === undefined ? [] : [held.item]))
  }
}

/** The index of the first item with the same key as another item; −1 if there is none. */
export function positionsIn(items: readonly unknown[], keyOf: KeyOf): (item: unknown) => number {
  const positions = new Map<string, number>()
  for (const [position, item] of items.entries()) {
    const key = textOf(keyOf(item))
    if (!positions.has(key)) positions.set(key, position)
  }
  return (item) => positions.get(textOf(keyOf(item))) ?? -1
}
