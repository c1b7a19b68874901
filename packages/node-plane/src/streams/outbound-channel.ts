import { creditBytes } from './inbound-channel.ts'

/** Where a channel begins: says as much as the other end has granted, and holds up who has more to say. */
export class OutboundChannel {
  readonly #say: (bytes: Uint8Array) => void
  readonly #pieceBytesMax: number
  #creditBytes = creditBytes
  #isClosed = false
  #wake = () => {}

  constructor(say: (bytes: Uint8Array) => void, pieceBytesMax: number) {
    this.#say = say
    this.#pieceBytesMax = pieceBytesMax
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Resolves once all is said: false where it no longer can be. One call after the other. */
  async write(bytes: Uint8Array): Promise<boolean> {
    let rest = bytes
    while (rest.length > 0) {
      if (this.#isClosed) return false
      if (this.#creditBytes === 0) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
        continue
      }
      const length = Math.min(rest.length, this.#creditBytes, this.#pieceBytesMax)
      this.#creditBytes -= length
      this.#say(rest.subarray(0, length))
      rest = rest.subarray(length)
    }
    return !this.#isClosed
  }

  /** The other end takes so many bytes more. */
  grant(bytes: number): void {
    this.#creditBytes += bytes
    this.#wake()
  }

  /** Nothing more is said. */
  close(): void {
    this.#isClosed = true
    this.#wake()
  }
}
