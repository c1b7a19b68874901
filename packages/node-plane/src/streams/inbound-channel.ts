/** So many bytes may be under way in one channel, and wait where they arrive. */
export const creditBytes = 256 * 1024

/** As soon as so many were taken they may be sent anew. */
const grantBytesMin = creditBytes / 4

/** Where a channel arrives: keeps what came until it is taken, and grants as much anew. */
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

  /** Takes in what came; false where that is more than was granted, or comes after the end. */
  receive(bytes: Uint8Array): boolean {
    this.#leftBytes -= bytes.length
    if (this.#isClosed || this.#leftBytes < 0) return false
    this.#waiting.push(bytes)
    this.#wake()
    return true
  }

  /** Nothing more comes; what is here can still be taken. */
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
