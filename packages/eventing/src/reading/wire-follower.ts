import type { Bus, Message } from '../bus/bus.ts'
import type { Clock } from '../clock.ts'
import type { Logger } from '../logger.ts'
import { decodeFrames, type WireEntry } from '../wire/frames.ts'
import { MalformedMessages } from '../wire/malformed-messages.ts'
import { Progress } from './progress.ts'
import { type Sink, WireIntake } from './wire-intake.ts'

/** A wire: the subjects of its messages and of its head, and how to decode them. Decoders throw SyntaxError. */
export type Wire<T> = {
  events: string
  head: string
  decode(content: Uint8Array, position: bigint): T
  decodeHead(message: Message): bigint | undefined
}

/** After this long behind the head, what is missing must be read. */
const behindMsMax = 200

/**
 * The part that all readers of a wire share: takes messages in order while nothing is missing, and reports when
 * something is. The reader then fetches what is missing from its own source, and meanwhile holds the wire.
 */
export class WireFollower<T> {
  readonly #bus: Bus
  readonly #clock: Clock
  readonly #wire: Wire<T>
  readonly #sink: Sink<T>
  readonly #silenceMsMax: number
  readonly #intake: WireIntake<T>
  readonly #progress: Progress
  readonly #malformed: MalformedMessages
  /** When the wire was last opened: what is missing may still be on its way. */
  #openedAt = 0
  #reconnects: number
  #heardAt: number
  #broken: { error: unknown } | undefined

  constructor(
    { bus, clock }: { bus: Bus; clock: Clock },
    wire: Wire<T>,
    sink: Sink<T>,
    /** Without a message for this long, the wire counts as away. */
    options: { silenceMsMax: number; logger: Logger },
  ) {
    this.#bus = bus
    this.#clock = clock
    this.#wire = wire
    this.#sink = sink
    this.#silenceMsMax = options.silenceMsMax
    this.#intake = new WireIntake(sink)
    this.#progress = new Progress(clock, sink)
    this.#malformed = new MalformedMessages(options.logger)
    this.#reconnects = bus.reconnects
    this.#heardAt = clock.now()
  }

  /** The last position that this reader knows of. */
  get head(): bigint | undefined {
    return this.#progress.head
  }

  /** For how many milliseconds the sink has been behind that head; 0 while it is not. */
  get lagMs(): number {
    return this.#progress.lagMs
  }

  /** Whether messages are applied as they come, since nothing is known to be missing. */
  get isOpen(): boolean {
    return this.#intake.isOpen
  }

  /** Whether the sink threw; then no further message is taken. */
  get isBroken(): boolean {
    return this.#broken !== undefined
  }

  /** Throws what the sink threw. */
  throwBroken(): void {
    if (this.#broken !== undefined) throw this.#broken.error
  }

  /** Subscribes, and holds what comes; returns the function that ends it. */
  listen(): () => void {
    const { events, head } = this.#wire
    const ends = [
      this.#hear(events, this.#newIn, (entries) => this.#receive(entries)),
      this.#hear(head, this.#wire.decodeHead, (position) => this.noteHead(position)),
      this.#bus.onReconnect(() => this.#progress.alarm.ring()),
    ]
    return () => {
      for (const end of ends) end()
    }
  }

  /** Holds the wire's entries while the reader reads from its other source. */
  hold(): void {
    this.#intake.hold()
  }

  /** Applies the wire's entries again, as far as nothing is missing. */
  open(): void {
    this.#reconnects = this.#bus.reconnects
    this.#openedAt = this.#clock.now()
    this.#intake.open()
  }

  /** The sink has applied everything up to this position, from either source. */
  reached(position: bigint): void {
    this.#progress.reached(position)
  }

  waitFor(position: bigint, timeoutMs: number): Promise<boolean> {
    return this.#progress.waitFor(position, timeoutMs)
  }

  noteHead(position: bigint | undefined): void {
    this.#progress.noteHead(position)
  }

  /** Resolves when the wire stops being sufficient, with the reason. */
  async live(signal: AbortSignal): Promise<'Missing' | 'Silent' | 'Over'> {
    const { alarm } = this.#progress
    for (;;) {
      if (signal.aborted || this.isBroken) return 'Over'
      const wasLost = this.#bus.reconnects !== this.#reconnects
      if (wasLost || !this.#intake.isOpen) return 'Missing'
      const { rings } = alarm
      const now = this.#clock.now()
      const silentInMs = Math.max(this.#heardAt, this.#openedAt) + this.#silenceMsMax - now
      const { behindSince = Number.POSITIVE_INFINITY } = this.#progress
      const missingSince = Math.max(behindSince, this.#openedAt)
      const missingInMs = missingSince + behindMsMax - now
      if (missingInMs <= 0) return 'Missing'
      if (silentInMs <= 0) return 'Silent'
      const untilMs = now + Math.min(silentInMs, missingInMs)
      await alarm.wait(rings, { untilMs, signal })
    }
  }

  /** Resolves at the next message, or when no more are taken. */
  async heardAgain(signal: AbortSignal): Promise<void> {
    const { alarm } = this.#progress
    const before = this.#heardAt
    for (;;) {
      const { rings } = alarm
      if (this.#heardAt !== before || this.isBroken || signal.aborted) return
      await alarm.wait(rings, { signal })
    }
  }

  /** The entries of a message that are new. Where several relays publish the same, only the first one's are decoded. */
  readonly #newIn = ({ data }: Message): WireEntry<T>[] => {
    const own = this.#sink.position
    const entries = []
    for (const { position, previous, content } of decodeFrames(data)) {
      if (own !== undefined && position <= own) continue
      const decoded = content && this.#wire.decode(content, position)
      entries.push({ position, previous, content: decoded })
    }
    return entries
  }

  #receive(entries: readonly WireEntry<T>[]): void {
    for (const entry of entries) this.#intake.receive(entry)
    this.noteHead(entries.at(-1)?.position)
  }

  /** An error of the sink ends the reader, not the wire; an invalid message counts as lost. */
  #hear<P>(subject: string, parse: (message: Message) => P, take: (parsed: P) => void): () => void {
    return this.#bus.subscribe(subject, (message) => {
      if (this.isBroken) return
      this.#heardAt = this.#clock.now()
      const said = { kind: 'wire message', subject: message.subject }
      this.#malformed.taken(
        said,
        () => parse(message),
        (parsed) => this.#guarded(() => take(parsed)),
      )
      // Waiters must learn that the wire is heard again, or that something has to be read.
      if (!this.#intake.isOpen || this.isBroken) this.#progress.alarm.ring()
    })
  }

  #guarded(take: () => void): void {
    try {
      take()
    } catch (error) {
      this.#broken = { error }
    }
  }
}
