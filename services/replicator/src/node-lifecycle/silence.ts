/**
 * Counts for how long nodes have been silent, in echoes: messages that this process sends on the wire once a second and
 * receives again. When an echo is missing, the wire may have been down, and every silence starts anew.
 */
export class Silence {
  #echoes = 0
  /** Silence before this point does not count. */
  #since = 0
  readonly #heardAt = new Map<string, number>()

  /** A node has sent a heartbeat. */
  heard(node: string): void {
    this.#heardAt.set(node, this.#echoes)
  }

  /** An echo returned: a node that was not heard since the previous one was silent. */
  echoed(): void {
    this.#echoes++
  }

  /** The wire was down, or may have been. */
  interrupted(): void {
    this.#since = this.#echoes
    this.#heardAt.clear()
  }

  /** Forgets a node that no longer exists. */
  forget(node: string): void {
    this.#heardAt.delete(node)
  }

  /** In seconds, at most this. */
  of(node: string): number {
    return this.#echoes - Math.max(this.#heardAt.get(node) ?? 0, this.#since)
  }

  /** Whether the node was heard since the wire was last down; until then a silence that was found goes on. */
  hasHeard(node: string): boolean {
    return this.#heardAt.has(node)
  }
}
