import type { Clock, KeyFailure, Logger } from '@reckon/eventing/bus'
import { type Counter, counterIn, type Metrics } from './metrics.ts'

/** How often a key has failed since its last success, and since when. */
export type Failing = { count: number; firstAtMs: number }

/** The largest number of failing keys that are remembered; the one that failed longest ago is forgotten first. */
const keysMax = 1_000

type FailingVersion = Failing & { version: string | undefined }

/**
 * The keys of one loop whose computation fails: each failure is counted, and logged with its stack once for each
 * version of the object. The loop itself goes on, and decides when to retry.
 */
export class KeyFailures {
  readonly #loop: string
  readonly #logger: Logger
  readonly #clock: Clock
  readonly #counter: Counter<'loop'>
  readonly #known = new Map<string, FailingVersion>()

  constructor(
    loop: string,
    { logger, clock, metrics }: { logger: Logger; clock: Clock; metrics: Metrics },
  ) {
    this.#loop = loop
    this.#logger = logger
    this.#clock = clock
    this.#counter = counterIn(metrics, {
      name: 'reckon_key_failures_total',
      help: 'Computations for one key that failed by a bug; all other keys went on',
      labelNames: ['loop'],
    })
    // Create the series before the first failure, so that its increase is visible.
    this.#counter.inc({ loop }, 0)
  }

  /** The key has failed, at this version of its object. */
  failed(key: string, failure: KeyFailure, version: string | undefined): Failing {
    const before = this.#known.get(key)
    const count = (before?.count ?? 0) + 1
    const firstAtMs = before?.firstAtMs ?? this.#clock.now()
    this.#known.delete(key)
    this.#known.set(key, { count, firstAtMs, version })
    const [oldest] = this.#known.keys()
    if (this.#known.size > keysMax && oldest !== undefined) this.#known.delete(oldest)
    this.#counter.inc({ loop: this.#loop })
    if (before === undefined || before.version !== version) {
      const about = { loop: this.#loop, key, version, err: failure.cause }
      this.#logger.warn(about, 'a computation failed by a bug; only this key rests')
    }
    return { count, firstAtMs }
  }

  /** The key has succeeded, or is gone. */
  settled(key: string): void {
    this.#known.delete(key)
  }
}
