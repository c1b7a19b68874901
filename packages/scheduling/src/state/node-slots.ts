/**
 * Assigns a small number to each node's name, so that data about nodes can be kept in arrays. A number remains with its
 * name until it is released, and is then reused.
 */
export class NodeSlots {
  readonly #slots = new Map<string, number>()
  readonly #names: string[] = []
  readonly #free: number[] = []
  #capacity = 64
  #order = new Int32Array(64)
  /** By slot: its index in the order. */
  #places = new Int32Array(64)
  #listed = 0
  #version = 0
  #shifts = 0

  /** Changes when a node is listed or unlisted. */
  get version(): number {
    return this.#version
  }

  /** Changes when the indices of listed nodes, or the capacity, change. */
  get shifts(): number {
    return this.#shifts
  }

  /** The length of arrays by slot. */
  get capacity(): number {
    return this.#capacity
  }

  /** How many nodes are listed. */
  get count(): number {
    return this.#listed
  }

  /** The slots of listed nodes, ordered by name; elements beyond `count` have no meaning. */
  get order(): Int32Array {
    return this.#order
  }

  find(name: string): number | undefined {
    return this.#slots.get(name)
  }

  /** The index of a listed node in the order. */
  placeOf(slot: number): number {
    return this.#places[slot] ?? 0
  }

  nameOf(slot: number): string {
    return this.#names[slot] ?? ''
  }

  /** The slot of a name, listed or not. */
  take(name: string): number {
    const known = this.#slots.get(name)
    if (known !== undefined) return known
    const slot = this.#free.pop() ?? this.#names.length
    this.#names[slot] = name
    this.#slots.set(name, slot)
    if (slot >= this.#capacity) this.#grow()
    return slot
  }

  release(slot: number): void {
    this.#slots.delete(this.nameOf(slot))
    this.#names[slot] = ''
    this.#free.push(slot)
  }

  /** Adds the slot to the order. */
  list(slot: number): void {
    const at = this.#rankOf(this.nameOf(slot))
    this.#order.copyWithin(at + 1, at, this.#listed)
    this.#order[at] = slot
    this.#listed += 1
    this.#places[slot] = at
    if (at < this.#listed - 1) this.#shift(at)
    this.#version += 1
  }

  unlist(slot: number): void {
    const at = this.#rankOf(this.nameOf(slot))
    this.#order.copyWithin(at, at + 1, this.#listed)
    this.#listed -= 1
    this.#shift(at)
    this.#version += 1
  }

  #shift(from: number): void {
    for (let place = from; place < this.#listed; place += 1) {
      this.#places[this.#order[place] ?? 0] = place
    }
    this.#shifts += 1
  }

  /** The index of the name in the order, or where it would be inserted. */
  #rankOf(name: string): number {
    let low = 0
    let high = this.#listed
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.nameOf(this.#order[middle] ?? 0) < name) low = middle + 1
      else high = middle
    }
    return low
  }

  #grow(): void {
    this.#capacity *= 2
    const order = new Int32Array(this.#capacity)
    order.set(this.#order)
    this.#order = order
    const places = new Int32Array(this.#capacity)
    places.set(this.#places)
    this.#places = places
    this.#shifts += 1
  }
}
