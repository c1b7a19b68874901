/** Above this many bytes the connection is not read any further. */
const pendingBytesMax = 256 * 1024

/** What a client has sent on one stream and nobody has read yet. For one reader. */
export class PendingBytes implements AsyncIterable<Uint8Array> {
  readonly #waiting: Uint8Array[] = []
  #bytes = 0
  #isEnded = false
  #wake = () => {}
  #drained: PromiseWithResolvers<void> | undefined

  /** Resolves when more may be sent; undefined unless too much is waiting. */
  push(bytes: Uint8Array): Promise<void> | undefined {
    if (this.#isEnded) return undefined
    this.#waiting.push(bytes)
    this.#bytes += bytes.length
    this.#wake()
    if (this.#bytes <= pendingBytesMax) return undefined
    this.#drained ??= Promise.withResolvers()
    return this.#drained.promise
  }

  /** No more bytes follow. */
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
      // A stream that nobody reads any more must not hold up the connection.
      this.#waiting.length = 0
      this.end()
    }
  }

  #drain(): void {
    this.#drained?.resolve()
    this.#drained = undefined
  }
}
