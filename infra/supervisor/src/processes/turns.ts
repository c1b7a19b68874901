/** Work of one kind, one after the other, in the order in which it was asked for. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>()

  /** Resolves with the work's own outcome; what fails does not hold up the next. */
  async take<T>(kind: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(kind)
    const over = Promise.withResolvers<void>()
    this.#last.set(kind, over.promise)
    await before
    try {
      return await work()
    } finally {
      over.resolve()
    }
  }
}
