import { creditBytes } from './inbound-channel.ts'

/** The sending end of a channel: sends as much as the window allows, and makes the writer wait. */
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

  /** Resolves once everything is sent, to false if it cannot be. One call at a time. */
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

  /** The other end has extended the window by so many bytes. */
  grant(bytes: number): void {
    this.#creditBytes += bytes
    this.#wake()
  }

  /** No more will be sent. */
  close(): void {
    this.#isClosed = true
    this.#wake()
  }
}
