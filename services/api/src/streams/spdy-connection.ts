import type { Duplex } from 'node:stream'
import { isBug } from '@reckon/process'
import { PendingBytes } from './pending-bytes.ts'
import { encodeSpdyFrame, type SpdyFrame, spdyFrames } from './spdy-frames.ts'
import { headerReader, headerWriter, type SpdyHeaders } from './spdy-headers.ts'
import { writeTo } from './write-to.ts'

/** The limit of concurrent streams; no client needs more. */
const streamsMax = 4_096
const cancelled = 5

/** A stream that the client has opened in a connection. */
export class SpdyStream {
  readonly headers: SpdyHeaders
  /** What the client sends, until it closes its side. */
  readonly incoming = new PendingBytes()
  readonly #id: number
  readonly #send: (frame: Parameters<typeof encodeSpdyFrame>[0]) => Promise<boolean>
  readonly #gone = new AbortController()
  #isEnded = false

  constructor(
    id: number,
    headers: SpdyHeaders,
    send: (frame: Parameters<typeof encodeSpdyFrame>[0]) => Promise<boolean>,
  ) {
    this.#id = id
    this.headers = headers
    this.#send = send
  }

  /** Aborts when the client has reset the stream, or is gone. */
  get gone(): AbortSignal {
    return this.#gone.signal
  }

  /** Writes; resolves when the client takes more, to false if it never will. */
  async write(bytes: Uint8Array): Promise<boolean> {
    if (this.#isEnded) return false
    return this.#send({ type: 'Data', stream: this.#id, isLast: false, bytes })
  }

  /** Closes our side; the client may go on sending. */
  async end(): Promise<void> {
    if (this.#isEnded) return
    this.#isEnded = true
    await this.#send({ type: 'Data', stream: this.#id, isLast: true, bytes: new Uint8Array() })
  }

  /** Closes both directions. */
  async reset(): Promise<void> {
    this.incoming.end()
    if (this.#isEnded) return
    this.#isEnded = true
    await this.#send({ type: 'Reset', stream: this.#id, status: cancelled })
  }

  /** The client has reset the stream. */
  dropped(): void {
    this.#isEnded = true
    this.incoming.end()
    this.#gone.abort()
  }
}

/**
 * The server's side of SPDY/3.1 as Kubernetes' clients speak it. They use no flow-control windows, so back-pressure
 * applies to the whole connection, in both directions.
 */
export class SpdyConnection {
  readonly #socket: Duplex
  readonly #streams = new Map<number, SpdyStream>()
  readonly #readHeaders = headerReader()
  readonly #writeHeaders = headerWriter()
  readonly #gone = new AbortController()

  constructor(socket: Duplex) {
    this.#socket = socket
    const onGone = () => this.#gone.abort()
    // Each stream that waits for the client adds a listener.
    socket.setMaxListeners(0)
    socket.on('error', onGone)
    socket.on('close', onGone)
    if (socket.destroyed) onGone()
  }

  /** Aborts when the client is gone. */
  get gone(): AbortSignal {
    return this.#gone.signal
  }

  /** Yields each stream that the client opens, until the client is gone. */
  async run(onStream: (stream: SpdyStream) => void): Promise<void> {
    try {
      for await (const frame of spdyFrames(this.#socket)) await this.#take(frame, onStream)
    } catch (error) {
      // A broken connection and malformed frames are treated alike: the client is given up.
      if (isBug(error)) throw error
    } finally {
      this.#gone.abort()
      this.#socket.destroy()
      for (const stream of this.#streams.values()) stream.dropped()
    }
  }

  /** Sends a ping; a client whose machine no longer knows the connection is detected by that. */
  ping(): void {
    void this.#send({ type: 'Ping', id: 2 })
  }

  /** Closes the connection once everything is sent. */
  async close(): Promise<void> {
    await this.#send({ type: 'GoAway' })
    this.#socket.end()
  }

  async #take(frame: SpdyFrame, onStream: (stream: SpdyStream) => void): Promise<void> {
    if (frame.type === 'Ping') await this.#answer(frame)
    else if (frame.type === 'SynStream') await this.#open(frame, onStream)
    else if (frame.type === 'Data') {
      const stream = this.#streams.get(frame.stream)
      if (frame.bytes.length > 0) await stream?.incoming.push(frame.bytes)
      if (frame.isLast) stream?.incoming.end()
    } else if (frame.type === 'Reset') {
      this.#streams.get(frame.stream)?.dropped()
      this.#streams.delete(frame.stream)
    }
  }

  /** Pings of the client have odd numbers; even ones are answers to ours. */
  async #answer(ping: SpdyFrame & { type: 'Ping' }): Promise<void> {
    if (ping.id % 2 === 1) await this.#send(ping)
  }

  async #open(
    { stream: id, headers: block, isLast }: SpdyFrame & { type: 'SynStream' },
    onStream: (stream: SpdyStream) => void,
  ): Promise<void> {
    const headers = await this.#readHeaders(block)
    if (this.#streams.size >= streamsMax || this.#streams.has(id)) {
      throw new SyntaxError('a stream is opened that cannot be')
    }
    const stream = new SpdyStream(id, headers, (frame) => this.#send(frame))
    this.#streams.set(id, stream)
    if (isLast) stream.incoming.end()
    await this.#send({ type: 'SynReply', stream: id, headers: await this.#writeHeaders(new Map()) })
    onStream(stream)
  }

  /** Forgets a stream that is closed on both sides. */
  forget(stream: SpdyStream): void {
    for (const [id, known] of this.#streams) if (known === stream) this.#streams.delete(id)
  }

  #send(frame: Parameters<typeof encodeSpdyFrame>[0]): Promise<boolean> {
    return writeTo(this.#socket, encodeSpdyFrame(frame))
  }
}
