/** How many pods of each node name a ConfigMap or Secret (`resource namespace/name`). */
export class NamedObjects {
  readonly #byNode = new Map<string, Map<string, number>>()
  readonly #nodes = new Map<string, Set<string>>()

  of(node: string): readonly string[] {
    return [...(this.#byNode.get(node)?.keys() ?? [])]
  }

  has(node: string, key: string): boolean {
    return this.#byNode.get(node)?.has(key) === true
  }

  nodesOf(key: string): readonly string[] {
    return [...(this.#nodes.get(key) ?? [])]
  }

  /** Adds to the number of the node's pods that name the object; returns the new number. */
  count(node: string, key: string, difference: 1 | -1): number {
    const named = this.#byNode.get(node) ?? new Map<string, number>()
    const nodes = this.#nodes.get(key) ?? new Set<string>()
    const count = (named.get(key) ?? 0) + difference
    if (count > 0) {
      this.#byNode.set(node, named.set(key, count))
      this.#nodes.set(key, nodes.add(node))
      return count
    }
    named.delete(key)
    nodes.delete(node)
    if (named.size === 0) this.#byNode.delete(node)
    if (nodes.size === 0) this.#nodes.delete(key)
    return 0
  }
}
