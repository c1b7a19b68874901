import type { RecordedEvent } from '../log/event.ts'
import { type Logger, silent } from '../logger.ts'
import { trustedWire } from '../wire/wire-event.ts'
import type { Applied } from './applied.ts'
import { appliedBy } from './applied-by.ts'
import type { Projection } from './projection.ts'
import type { Reader, ReaderOptions, ReaderPorts } from './reader.ts'
import { createSharedHead } from './shared-head.ts'
import { whileAway } from './while-away.ts'
import { WireFollower } from './wire-follower.ts'

/** Without a message for this long, the wire counts as away. */
const silenceMsMax = 2000
/** Events from the log applied before other work has its turn. */
const turnEvents = 1000

/** The usual reader: follows the wire while that delivers everything in order, and the log whenever it does not. */
export class LogReader implements Reader {
  readonly ready: Promise<void>
  readonly #ports: ReaderPorts
  readonly #logger: Logger
  readonly #applied: Applied
  readonly #wire: WireFollower<RecordedEvent>
  readonly #askHead: () => Promise<bigint | undefined>
  readonly #reachedEnd: () => void

  constructor(ports: ReaderPorts, projections: readonly Projection[], options: ReaderOptions) {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.ready = promise
    this.#reachedEnd = resolve
    this.#ports = ports
    this.#logger = options.logger ?? silent
    this.#applied = appliedBy(projections, ports.clock, options)
    this.#wire = new WireFollower(ports, trustedWire, this, { silenceMsMax, logger: this.#logger })
    this.#askHead = createSharedHead(ports.log, ports.clock)
  }

  get position(): bigint | undefined {
    return this.#applied.position
  }

  get head(): bigint | undefined {
    return this.#wire.head
  }

  get lagMs(): number {
    return this.#wire.lagMs
  }

  subscribe(listener: (event: RecordedEvent) => void): () => void {
    return this.#applied.subscribe(listener)
  }

  waitFor(position: bigint, timeoutMs: number): Promise<boolean> {
    return this.#wire.waitFor(position, timeoutMs)
  }

  async waitForHead(timeoutMs: number): Promise<boolean> {
    const head = await this.#askHead()
    this.#wire.noteHead(head)
    return head === undefined || this.waitFor(head, timeoutMs)
  }

  async run(signal: AbortSignal): Promise<void> {
    // Before the log is read, so that no event is missed between the two.
    const end = this.#wire.listen()
    try {
      await this.#whileAway(signal, () => this.#applied.restore(this.#ports.log))
      while (!this.#isOver(signal)) await this.#whileAway(signal, () => this.#keepUp(signal))
    } finally {
      end()
    }
    this.#wire.throwBroken()
    await this.#applied.close()
  }

  /** Applies an event from either source; repeated ones are dropped. */
  apply(event: RecordedEvent): void {
    if (this.position !== undefined && event.position <= this.position) return
    this.#applied.apply(event)
    this.#wire.reached(event.position)
  }

  /** Reads the log to its end and then follows the wire, until that fails. */
  async #keepUp(signal: AbortSignal): Promise<void> {
    await this.#readLog(signal)
    const why = await this.#wire.live(signal)
    if (why === 'Silent') await this.#followLog(signal)
  }

  async #readLog(signal: AbortSignal): Promise<void> {
    const { log, clock } = this.#ports
    this.#wire.hold()
    let count = 0
    for await (const event of this.#applied.missing(log)) {
      this.apply(event)
      if (this.#isOver(signal)) return
      if (++count % turnEvents > 0) continue
      await clock.sleep(0, signal)
      await this.#applied.keptUp()
    }
    this.#wire.open()
    this.#reachedEnd()
    this.#applied.reachedHead()
  }

  /** Follows the log while the wire is silent. */
  async #followLog(signal: AbortSignal): Promise<void> {
    this.#wire.hold()
    this.#logger.warn({ position: String(this.position) }, 'the wire is silent; reading the log')
    const over = new AbortController()
    const end = AbortSignal.any([signal, over.signal])
    const listening = this.#wire.heardAgain(end).then(() => over.abort())
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

  /** Retries until the log is available; meanwhile the wire is used as far as it goes. */
  #whileAway(signal: AbortSignal, attempt: () => Promise<void>): Promise<void> {
    const onAway = (): void => {
      // What follows on the wire may change something that was left out.
      if (this.position !== undefined && !this.#applied.isPartial) this.#wire.open()
    }
    const isOver = (): boolean => this.#isOver(signal)
    const { clock } = this.#ports
    return whileAway({ clock, logger: this.#logger, signal, isOver, onAway }, attempt)
  }

  #isOver(signal: AbortSignal): boolean {
    return signal.aborted || this.#wire.isBroken
  }
}
