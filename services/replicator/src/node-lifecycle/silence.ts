/**
 * For how long nodes have said nothing, counted in echoes: what this process said itself on the wire, once a second,
 * and heard again. Where an echo is missing the wire may have been away, and everybody's silence begins anew.
 */
export class Silence {
  #echoes = 0
  /** Up to here nobody's silence counts. */
  #since = 0
  readonly #heardAt = new Map<string, number>()

  /** A node has said that it lives. */
  heard(node: string): void {
    this.#heardAt.set(node, this.#echoes)
  }

  /** The wire carried something from here to here: whoever has said nothing since the one before was silent. */
  echoed(): void {
    this.#echoes++
  }

  /** The wire was away, or may have been. */
  interrupted(): void {
    this.#since = this.#echoes
    this.#heardAt.clear()
  }

  /** Such a node is no more. */
  forget(node: string): void {
    this.#heardAt.delete(node)
  }

  /** In seconds; at the most this, where more has passed. */
  of(node: string): number {
    return this.#echoes - Math.max(this.#heardAt.get(node) ?? 0, this.#since)
  }

  /** Whether the node has said anything since the wire was away last: until then a silence that was found goes on. */
  hasHeard(node: string): boolean {
    return this.#heardAt.has(node)
  }
}
