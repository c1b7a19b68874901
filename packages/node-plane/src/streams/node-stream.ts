import type { Clock } from '@reckon/eventing/bus'
import { messageOf } from '@reckon/kubernetes'
import { InboundChannel } from './inbound-channel.ts'
import { OutboundChannel } from './outbound-channel.ts'
import { parseStreamOutcome } from './parse-stream-message.ts'
import { encodeStreamFrame, type StreamContent, type StreamFrame } from './stream-frame.ts'
import type { Channel, StreamOutcome } from './stream-request.ts'

/** How often each end sends a sign of life. */
const aliveMs = 5_000
/** An end that has been silent for this long is gone. */
const silenceMsMax = 20_000

const missing = 'a message was lost on the way'

type Link = {
  clock: Clock
  /** Sends a message to the other end. */
  send(message: Uint8Array): void
  pieceBytesMax: number
}

/**
 * One end of a stream between an api and a node. Its channels have flow control, so that neither end ever holds more
 * than a window of the other's data, and a slow reader slows down the writer. It ends with an outcome, sent by either
 * end, or when the other end falls silent or one of its messages is missing.
 */
export class NodeStream {
  readonly id: string
  /** Resolves when it has ended, for whatever reason. What came before can still be read. */
  readonly ended: Promise<StreamOutcome>
  readonly #link: Link
  readonly #inbound = new Map<Channel, InboundChannel>()
  readonly #outbound = new Map<Channel, OutboundChannel>()
  readonly #isOver = new AbortController()
  readonly #opened = Promise.withResolvers<void>()
  readonly #settle: (outcome: StreamOutcome) => void
  #nextNumber = 0
  #nextHeard = 0
  #lastHeardMs: number

  constructor(id: string, link: Link) {
    this.id = id
    this.#link = link
    this.#lastHeardMs = link.clock.now()
    const { promise, resolve } = Promise.withResolvers<StreamOutcome>()
    this.ended = promise
    this.#settle = resolve
    void this.#stayAlive()
  }

  /** Aborts when it has ended. */
  get signal(): AbortSignal {
    return this.#isOver.signal
  }

  /** Resolves when the node has accepted the request, or the stream has ended. */
  get opened(): Promise<void> {
    return this.#opened.promise
  }

  /** Reads a channel until it is closed or the stream has ended. For one reader. */
  read(channel: Channel): AsyncIterable<Uint8Array> {
    return this.#in(channel)
  }

  /** Writes, waiting for the reader; resolves to false if nobody can read it any more. */
  write(channel: Channel, bytes: Uint8Array): Promise<boolean> {
    return this.#out(channel).write(bytes)
  }

  /** Closes our side of the channel; the others stay open. */
  close(channel: Channel): void {
    const outbound = this.#out(channel)
    if (outbound.isClosed) return
    outbound.close()
    this.#say({ type: 'Close', channel })
  }

  /** Accepts the request, on the node. */
  confirm(): void {
    this.#say({ type: 'Opened' })
  }

  /** Begins the stream, on the api. */
  ask(payload: Uint8Array): void {
    this.#say({ type: 'Open', payload })
  }

  /** Ends the stream, and sends the outcome. */
  end(outcome: StreamOutcome): void {
    const payload = new TextEncoder().encode(JSON.stringify(outcome))
    this.#say({ type: 'End', payload })
    this.#over(outcome)
  }

  /** Handles a message of the other end. */
  receive({ number, content }: StreamFrame): void {
    if (this.signal.aborted || number < this.#nextHeard) return
    const isNext = number === this.#nextHeard
    this.#nextHeard = number + 1
    this.#lastHeardMs = this.#link.clock.now()
    if (content.type === 'End') this.#endedBy(content.payload, isNext)
    else if (!isNext) this.#lose(missing)
    else if (content.type === 'Opened') this.#opened.resolve()
    else if (content.type === 'Close') this.#in(content.channel).close()
    else if (content.type === 'Credit') this.#out(content.channel).grant(content.bytes)
    else if (content.type === 'Data' && !this.#in(content.channel).receive(content.payload)) {
      this.#lose('the other end said more than it may')
    }
  }

  #endedBy(payload: Uint8Array, isNext: boolean): void {
    try {
      const outcome = parseStreamOutcome(payload)
      const isWhole = isNext || outcome.type !== 'Done'
      this.#over(isWhole ? outcome : { type: 'Lost', message: missing })
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      this.#over({ type: 'Lost', message: messageOf(error) })
    }
  }

  #in(channel: Channel): InboundChannel {
    const known = this.#inbound.get(channel)
    if (known !== undefined) return known
    const grant = (bytes: number) => this.#say({ type: 'Credit', channel, bytes })
    const made = new InboundChannel(grant)
    if (this.signal.aborted) made.close()
    this.#inbound.set(channel, made)
    return made
  }

  #out(channel: Channel): OutboundChannel {
    const known = this.#outbound.get(channel)
    if (known !== undefined) return known
    const say = (payload: Uint8Array) => this.#say({ type: 'Data', channel, payload })
    const made = new OutboundChannel(say, this.#link.pieceBytesMax)
    if (this.signal.aborted) made.close()
    this.#outbound.set(channel, made)
    return made
  }

  #say(content: StreamContent): void {
    if (this.signal.aborted) return
    const number = this.#nextNumber++
    this.#link.send(encodeStreamFrame({ stream: this.id, number, content }))
  }

  #lose(message: string): void {
    this.end({ type: 'Lost', message })
  }

  #over(outcome: StreamOutcome): void {
    if (this.signal.aborted) return
    this.#isOver.abort()
    for (const channel of [...this.#inbound.values(), ...this.#outbound.values()]) channel.close()
    this.#opened.resolve()
    this.#settle(outcome)
  }

  async #stayAlive(): Promise<void> {
    const { clock } = this.#link
    while (!this.signal.aborted) {
      await clock.sleep(aliveMs, this.signal)
      if (clock.now() - this.#lastHeardMs > silenceMsMax) this.#lose('the other end is silent')
      this.#say({ type: 'Alive' })
    }
  }
}
