import { Alarm } from '../alarm.ts'
import type { Message } from '../bus.ts'
import type { RecordedEvent } from '../event.ts'
import { type Logger, silent } from '../logger.ts'
import { isOutage } from '../outage.ts'
import type { Projection } from '../projection.ts'
import type { Reader, ReaderOptions, ReaderPorts } from '../reader.ts'
import { eventsHead, everyEvent } from '../wire.ts'
import { decodeHead, decodePositionOf, decodeWireEvent } from '../wire-event.ts'
import { Applied } from './applied.ts'
import { createSharedHead } from './shared-head.ts'
import { Waiters } from './waiters.ts'
import { WireIntake } from './wire-intake.ts'

/** Behind the head for so long, the log itself is read. */
const behindMsMax = 200
/** After so long without a message the wire counts as away. */
const silenceMsMax = 2000
const retryMs = 250
/** After so many events from the log others get their turn. */
const turnEvents = 1000

/** The reader: on the wire while that brings everything in order, on the log whenever it does not. */
export class LogReader implements Reader {
  readonly ready: Promise<void>
  readonly #ports: ReaderPorts
  readonly #logger: Logger
  readonly #applied: Applied
  readonly #intake: WireIntake
  readonly #waiters: Waiters
  readonly #askHead: () => Promise<bigint | undefined>
  readonly #alarm: Alarm
  readonly #reachedEnd: () => void
  #head: bigint | undefined
  #behindSince: number | undefined
  /** When the wire was last given its chance: what is missing may be on its way. */
  #tookWireAt = 0
  #heardAt: number
  #broken: { error: unknown } | undefined

  constructor(ports: ReaderPorts, projections: readonly Projection[], options: ReaderOptions) {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.ready = promise
    this.#reachedEnd = resolve
    this.#ports = ports
    this.#logger = options.logger ?? silent
    this.#applied = new Applied(projections, options.snapshots, this.#logger)
    this.#intake = new WireIntake(this)
    this.#waiters = new Waiters(ports.clock)
    this.#askHead = createSharedHead(ports.log)
    this.#alarm = new Alarm(ports.clock)
    this.#heardAt = ports.clock.now()
  }

  get position(): bigint | undefined {
    return this.#applied.position
  }

  get head(): bigint | undefined {
    return this.#head
  }

  get lagMs(): number {
    return this.#behindSince === undefined ? 0 : this.#ports.clock.now() - this.#behindSince
  }

  async waitFor(position: bigint, timeoutMs: number): Promise<boolean> {
    if (this.position !== undefined && position <= this.position) return true
    return this.#waiters.wait(position, timeoutMs)
  }

  async waitForHead(timeoutMs: number): Promise<boolean> {
    const head = await this.#askHead()
    this.#noteHead(head)
    return head === undefined || this.waitFor(head, timeoutMs)
  }

  async run(signal: AbortSignal): Promise<void> {
    const { bus } = this.#ports
    // Before the log is read, so that nothing falls between the two.
    const ends = [
      bus.subscribe(
        everyEvent,
        this.#guarded((message) => this.#receive(message)),
      ),
      bus.subscribe(
        eventsHead,
        this.#guarded((message) => this.#noteHead(decodeHead(message))),
      ),
    ]
    try {
      await this.#whileAway(signal, () => this.#applied.restore(this.#ports.log))
      while (!this.#isOver(signal)) await this.#whileAway(signal, () => this.#keepUp(signal))
    } finally {
      for (const end of ends) end()
    }
    if (this.#broken !== undefined) throw this.#broken.error
    await this.#applied.close()
  }

  /** One event, from wherever it came: repeated ones are dropped. */
  apply(event: RecordedEvent): void {
    if (this.position !== undefined && event.position <= this.position) return
    this.#applied.apply(event)
    this.#noteHead(event.position)
    this.#waiters.reached(event.position)
  }

  /** Reads the log to its end, then lives on the wire until that fails. */
  async #keepUp(signal: AbortSignal): Promise<void> {
    await this.#readLog(signal)
    const why = await this.#liveOnWire(signal)
    if (why === 'Silent') await this.#followLog(signal)
  }

  async #readLog(signal: AbortSignal): Promise<void> {
    const { log, clock } = this.#ports
    this.#intake.hold()
    let count = 0
    for await (const event of log.readAll({ after: this.position })) {
      this.apply(event)
      if (this.#isOver(signal)) return
      if (++count % turnEvents === 0) await clock.sleep(0, signal)
    }
    this.#takeWire()
    this.#reachedEnd()
    this.#applied.reachedHead()
  }

  /** Waits while the wire does its work; answers why it no longer does. */
  async #liveOnWire(signal: AbortSignal): Promise<'Missing' | 'Silent' | 'Over'> {
    const { clock } = this.#ports
    for (;;) {
      if (this.#isOver(signal)) return 'Over'
      if (!this.#intake.isOpen) return 'Missing'
      const { rings } = this.#alarm
      const now = clock.now()
      const silentInMs = this.#heardAt + silenceMsMax - now
      const missingSince = Math.max(this.#behindSince ?? Number.POSITIVE_INFINITY, this.#tookWireAt)
      const missingInMs = missingSince + behindMsMax - now
      if (missingInMs <= 0) return 'Missing'
      if (silentInMs <= 0) return 'Silent'
      await this.#alarm.wait(rings, { untilMs: now + Math.min(silentInMs, missingInMs), signal })
    }
  }

  /** Lives on the log while the wire is silent, until it is heard again. */
  async #followLog(signal: AbortSignal): Promise<void> {
    this.#intake.hold()
    this.#logger.warn({ position: String(this.position) }, 'the wire is silent; reading the log')
    const silentSince = this.#heardAt
    const over = new AbortController()
    const end = AbortSignal.any([signal, over.signal])
    const listen = async (): Promise<void> => {
      for (;;) {
        const { rings } = this.#alarm
        const isSilent = this.#heardAt === silentSince && this.#broken === undefined
        if (!isSilent || end.aborted) break
        await this.#alarm.wait(rings, { signal: end })
      }
      over.abort()
    }
    const listening = listen()
    try {
      for await (const next of this.#ports.log.follow(this.position, end)) {
        if ('id' in next) this.apply(next)
      }
    } finally {
      over.abort()
      await listening
    }
    if (!signal.aborted) this.#logger.info({}, 'the wire is heard again')
  }

  /** Tries until the log is there; what the wire brings meanwhile is taken as far as it goes. */
  async #whileAway(signal: AbortSignal, attempt: () => Promise<void>): Promise<void> {
    let away = false
    while (!this.#isOver(signal)) {
      try {
        await attempt()
        return
      } catch (error) {
        if (!isOutage(error)) throw error
        if (!away)
          this.#logger.warn({ error: (error as Error).message }, 'reading waits for the log')
        away = true
        if (this.position !== undefined) this.#takeWire()
        await this.#ports.clock.sleep(retryMs, signal)
      }
    }
  }

  #takeWire(): void {
    this.#intake.open()
    this.#tookWireAt = this.#ports.clock.now()
  }

  #receive(message: Message): void {
    // Several relays say everything several times; only the first is worth reading.
    const position = decodePositionOf(message)
    if (this.position !== undefined && position <= this.position) return
    this.#intake.receive(decodeWireEvent(message))
    this.#noteHead(position)
  }

  #noteHead(position: bigint | undefined): void {
    if (position !== undefined && (this.#head === undefined || position > this.#head)) {
      this.#head = position
    }
    const isBehind = this.#head !== undefined && (this.position ?? -1n) < this.#head
    if (!isBehind) this.#behindSince = undefined
    else if (this.#behindSince === undefined) {
      this.#behindSince = this.#ports.clock.now()
      this.#alarm.ring()
    }
  }

  /** What a projection throws ends `run`, not the wire; a message that is none of ours is as good as lost. */
  #guarded(take: (message: Message) => void): (message: Message) => void {
    return (message) => {
      if (this.#broken !== undefined) return
      this.#heardAt = this.#ports.clock.now()
      try {
        take(message)
      } catch (error) {
        if (error instanceof SyntaxError) {
          this.#logger.warn(
            { subject: message.subject, error: error.message },
            'not a wire message',
          )
        } else this.#broken = { error }
      }
      // Whoever waits wants to know that the wire is heard again, or that it needs the log.
      if (!this.#intake.isOpen || this.#broken !== undefined) this.#alarm.ring()
    }
  }

  #isOver(signal: AbortSignal): boolean {
    return signal.aborted || this.#broken !== undefined
  }
}
