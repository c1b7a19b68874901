import { Duplex } from 'node:stream'
import type { NodeStream } from '@reckon/node-plane'

/** A connection to a port of a pod as a socket, over which HTTP and TLS can run. */
export class PodConnection extends Duplex {
  readonly #stream: NodeStream
  readonly #incoming: AsyncIterator<Uint8Array>

  constructor(stream: NodeStream) {
    super()
    this.#stream = stream
    this.#incoming = stream.read('stdout')[Symbol.asyncIterator]()
  }

  override _read(): void {
    this.#incoming.next().then(
      ({ done, value }) => this.push(done ? null : value),
      (error: Error) => this.destroy(error),
    )
  }

  override _write(
    bytes: Uint8Array,
    _encoding: unknown,
    said: (error?: Error | null) => void,
  ): void {
    this.#stream
      .write('stdin', bytes)
      .then(
        (isSaid) => said(isSaid ? null : new Error('the connection to the pod has ended')),
        said,
      )
  }

  override _final(ended: () => void): void {
    this.#stream.close('stdin')
    ended()
  }

  override _destroy(error: Error | null, destroyed: (error: Error | null) => void): void {
    this.#stream.end({ type: 'Cancelled' })
    destroyed(error)
  }

  // HTTP sets these on every socket; here they have no effect.
  setTimeout(): this {
    return this
  }
  setNoDelay(): this {
    return this
  }
  setKeepAlive(): this {
    return this
  }
  ref(): this {
    return this
  }
  unref(): this {
    return this
  }
}
