/** The flow-control window of a channel: how many bytes may be sent before any is read. */
export const creditBytes = 256 * 1024

/** After this many bytes were read, the window is extended by as many. */
const grantBytesMin = creditBytes / 4

/** The receiving end of a channel: keeps what arrived until it is read, and extends the window. */
export class InboundChannel implements AsyncIterable<Uint8Array> {
  readonly #grant: (bytes: number) => void
  readonly #waiting: Uint8Array[] = []
  #leftBytes = creditBytes
  #takenBytes = 0
  #isClosed = false
  #wake = () => {}

  constructor(grant: (bytes: number) => void) {
    this.#grant = grant
  }

  /** Accepts bytes; false if they exceed the window, or come after the end. */
  receive(bytes: Uint8Array): boolean {
    this.#leftBytes -= bytes.length
    if (this.#isClosed || this.#leftBytes < 0) return false
    this.#waiting.push(bytes)
    this.#wake()
    return true
  }

  /** No more bytes follow; what has arrived can still be read. */
  close(): void {
    this.#isClosed = true
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (;;) {
      const next = this.#waiting.shift()
      if (next !== undefined) {
        yield next
        this.#taken(next.length)
      } else if (this.#isClosed) {
        return
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      }
    }
  }

  #taken(bytes: number): void {
    this.#takenBytes += bytes
    if (this.#takenBytes < grantBytesMin || this.#isClosed) return
    this.#leftBytes += this.#takenBytes
    this.#grant(this.#takenBytes)
    this.#takenBytes = 0
  }
}
