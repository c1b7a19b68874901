/** Above so many the connection that brings them is not read any further. */
const pendingBytesMax = 256 * 1024

/** What a client has sent on one of its streams, until it is taken. For one reader. */
export class PendingBytes implements AsyncIterable<Uint8Array> {
  readonly #waiting: Uint8Array[] = []
  #bytes = 0
  #isEnded = false
  #wake = () => {}
  #drained: PromiseWithResolvers<void> | undefined

  /** Where much waits already: what resolves when more may come. */
  push(bytes: Uint8Array): Promise<void> | undefined {
    if (this.#isEnded) return undefined
    this.#waiting.push(bytes)
    this.#bytes += bytes.length
    this.#wake()
    if (this.#bytes <= pendingBytesMax) return undefined
    this.#drained ??= Promise.withResolvers()
    return this.#drained.promise
  }

  /** Nothing more comes. */
  end(): void {
    this.#isEnded = true
    this.#wake()
    this.#drain()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const next = this.#waiting.shift()
        if (next !== undefined) {
          this.#bytes -= next.length
          yield next
          if (this.#bytes <= pendingBytesMax) this.#drain()
        } else if (this.#isEnded) return
        else {
          await new Promise<void>((resolve) => {
            this.#wake = resolve
          })
        }
      }
    } finally {
      // What nobody reads any more holds nobody up.
      this.#waiting.length = 0
      this.end()
    }
  }

  #drain(): void {
    this.#drained?.resolve()
    this.#drained = undefined
  }
}
