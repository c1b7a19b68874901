import type { Bus, Message } from '../bus/bus.ts'
import type { Clock } from '../clock.ts'
import type { Logger } from '../logger.ts'
import { decodeFrames, type WireEntry } from '../wire/frames.ts'
import { MalformedMessages } from '../wire/malformed-messages.ts'
import { Progress } from './progress.ts'
import { type Sink, WireIntake } from './wire-intake.ts'

/** One wire: where its messages and its heads are published, and what they say. All that decodes throws SyntaxError. */
export type Wire<T> = {
  events: string
  head: string
  /** What an entry says. */
  decode(content: Uint8Array, position: bigint): T
  decodeHead(message: Message): bigint | undefined
}

/** Behind the head for so long, what is missing has to be read. */
const behindMsMax = 200
/** How often it is looked whether the connection was lost meanwhile. */
const lookEveryMs = 1000

/**
 * What each reader of a wire does: takes its messages in order while nothing is missing, and says when something is.
 * What is missing the reader then reads, from wherever that can be read, and holds the wire meanwhile.
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
  /** When the wire was last given its chance: what is missing may be on its way. */
  #openedAt = 0
  #reconnects: number
  #heardAt: number
  #broken: { error: unknown } | undefined

  constructor(
    { bus, clock }: { bus: Bus; clock: Clock },
    wire: Wire<T>,
    sink: Sink<T>,
    /** After so long without a message the wire counts as away. */
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

  /** The last position that was heard of. */
  get head(): bigint | undefined {
    return this.#progress.head
  }

  /** For how many milliseconds the sink has been behind that head; 0 when it is not. */
  get lagMs(): number {
    return this.#progress.lagMs
  }

  /** Whether messages are taken as they come: nothing is known to be missing. */
  get isOpen(): boolean {
    return this.#intake.isOpen
  }

  /** Whether the sink threw: then nothing is taken any more. */
  get isBroken(): boolean {
    return this.#broken !== undefined
  }

  /** Throws what the sink threw. */
  throwBroken(): void {
    if (this.#broken !== undefined) throw this.#broken.error
  }

  /** Begins to hear, and holds what it hears; returns how to end it. */
  listen(): () => void {
    const { events, head } = this.#wire
    const ends = [
      this.#hear(events, this.#newIn, (entries) => this.#receive(entries)),
      this.#hear(head, this.#wire.decodeHead, (position) => this.noteHead(position)),
    ]
    return () => {
      for (const end of ends) end()
    }
  }

  /** What is read is the source for now. */
  hold(): void {
    this.#intake.hold()
  }

  /** The wire is the source, as far as nothing is missing. */
  open(): void {
    this.#reconnects = this.#bus.reconnects
    this.#openedAt = this.#clock.now()
    this.#intake.open()
  }

  /** The sink has come to that position, by whichever way. */
  reached(position: bigint): void {
    this.#progress.reached(position)
  }

  waitFor(position: bigint, timeoutMs: number): Promise<boolean> {
    return this.#progress.waitFor(position, timeoutMs)
  }

  noteHead(position: bigint | undefined): void {
    this.#progress.noteHead(position)
  }

  /** Waits while the wire does its work; answers why it no longer does. */
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
      const untilMs = now + Math.min(silentInMs, missingInMs, lookEveryMs)
      await alarm.wait(rings, { untilMs, signal })
    }
  }

  /** Resolves when a message has come since the call, or nothing more is taken. */
  async heardAgain(signal: AbortSignal): Promise<void> {
    const { alarm } = this.#progress
    const before = this.#heardAt
    for (;;) {
      const { rings } = alarm
      if (this.#heardAt !== before || this.isBroken || signal.aborted) return
      await alarm.wait(rings, { signal })
    }
  }

  /** What is new in a message: of several that publish the same only the first is read. */
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

  /** What the sink throws ends the reader, not the wire; a message that makes no sense is as good as lost. */
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
      // Whoever waits wants to know that the wire is heard again, or that something has to be read.
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
