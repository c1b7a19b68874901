/** Runs tasks one after the other, in the order in which they were requested. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>()

  /** Resolves with the task's outcome; a failure does not stop the next task. */
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
