import type { Clock } from '../clock.ts'
import type { RecordedEvent } from '../log/event.ts'
import type { EventLog } from '../log/event-log.ts'
import { type Logger, silent } from '../logger.ts'
import type { Applied } from './applied.ts'
import { appliedBy } from './applied-by.ts'
import { Progress } from './progress.ts'
import type { Projection } from './projection.ts'
import type { Reader, ReaderOptions } from './reader.ts'
import { createSharedHead } from './shared-head.ts'
import { whileAway } from './while-away.ts'

/**
 * If no event comes for this long while behind the head, the subscription is renewed: it may be dead without an error.
 */
const stalledMsMax = 500
/** Events applied before other work has its turn. */
const turnEvents = 1000

/**
 * The reader of the service that feeds the wire: it always follows the log itself. It leaves out nothing of it, because
 * watches, Events, the index of the log and the wire are made of every event that it applies.
 */
export class LogFollower implements Reader {
  readonly ready: Promise<void>
  readonly #log: EventLog
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #applied: Applied
  readonly #progress: Progress
  readonly #askHead: () => Promise<bigint | undefined>
  readonly #reachedEnd: () => void
  /** When the last event was applied, in milliseconds since the Unix epoch. */
  #appliedAt = 0

  constructor(
    { log, clock }: { log: EventLog; clock: Clock },
    projections: readonly Projection[],
    options: ReaderOptions,
  ) {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.ready = promise
    this.#reachedEnd = resolve
    this.#log = log
    this.#clock = clock
    this.#logger = options.logger ?? silent
    const sparedEvents = Number.POSITIVE_INFINITY
    this.#applied = appliedBy(projections, clock, { ...options, sparedEvents })
    this.#progress = new Progress(clock, this)
    this.#askHead = createSharedHead(log, clock)
  }

  get position(): bigint | undefined {
    return this.#applied.position
  }

  get head(): bigint | undefined {
    return this.#progress.head
  }

  get lagMs(): number {
    return this.#progress.lagMs
  }

  subscribe(listener: (event: RecordedEvent) => void): () => void {
    return this.#applied.subscribe(listener)
  }

  waitFor(position: bigint, timeoutMs: number): Promise<boolean> {
    return this.#progress.waitFor(position, timeoutMs)
  }

  async waitForHead(timeoutMs: number): Promise<boolean> {
    const head = await this.#askHead()
    this.#progress.noteHead(head)
    return head === undefined || this.waitFor(head, timeoutMs)
  }

  async run(signal: AbortSignal): Promise<void> {
    const attempts = {
      clock: this.#clock,
      logger: this.#logger,
      signal,
      isOver: () => signal.aborted,
    }
    await whileAway(attempts, () => this.#applied.restore(this.#log))
    while (!signal.aborted) await whileAway(attempts, () => this.#keepUp(signal))
    await this.#applied.close()
  }

  #apply(event: RecordedEvent): void {
    if (this.position !== undefined && event.position <= this.position) return
    this.#applied.apply(event)
    this.#appliedAt = this.#clock.now()
    this.#progress.reached(event.position)
  }

  /** Reads the log to its end and then follows it, until that fails or stalls. */
  async #keepUp(signal: AbortSignal): Promise<void> {
    let count = 0
    for await (const event of this.#log.readAll({ after: this.position })) {
      this.#apply(event)
      if (signal.aborted) return
      if (++count % turnEvents === 0) await this.#clock.sleep(0, signal)
    }
    this.#reachedEnd()
    this.#applied.reachedHead()
    const over = new AbortController()
    const end = AbortSignal.any([signal, over.signal])
    const watching = this.#stalled(end).then(() => over.abort())
    try {
      for await (const next of this.#log.follow(this.position, end)) {
        if ('id' in next) this.#apply(next)
      }
    } finally {
      over.abort()
      await watching
    }
  }

  /** Resolves when events are known to exist and none arrives. */
  async #stalled(signal: AbortSignal): Promise<void> {
    const { alarm } = this.#progress
    const startedAt = this.#clock.now()
    while (!signal.aborted) {
      const { rings } = alarm
      const { behindSince } = this.#progress
      if (behindSince === undefined) {
        await alarm.wait(rings, { signal })
        continue
      }
      const untilMs = Math.max(behindSince, this.#appliedAt, startedAt) + stalledMsMax
      if (untilMs <= this.#clock.now()) return
      await alarm.wait(rings, { untilMs, signal })
    }
  }
}
