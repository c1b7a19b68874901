import { hadBegunBy, lastBy } from '../history/position-at.ts'
import { firstTimed } from '../history/recorded-time.ts'
import type { ApiPorts } from '../ports.ts'
import { expired, waitForVersion } from '../verbs/resource-version.ts'
import type { Moment } from './moment.ts'
import { Remembered } from './remembered.ts'
import type { ResourcesAt } from './resources-at.ts'
import { Semaphore } from './semaphore.ts'

/** How many resolved times are cached: one kubectl command asks about the same one several times. */
const momentsMax = 64

/** How many times are resolved at once: each may read much of the log, before anybody has checked the user's rights. */
const searchesMax = 2

/** Resolves the moments that requests name to positions of the log. */
export class Moments {
  readonly #ports: ApiPorts
  readonly #resources: ResourcesAt
  readonly #times = new Remembered<bigint, number>(momentsMax)
  readonly #searches = new Semaphore(searchesMax)

  constructor(ports: ApiPorts, resources: ResourcesAt) {
    this.#ports = ports
    this.#resources = resources
  }

  /**
   * The moment of a position, once the view has reached it; 410 where the log has no such position yet. Ages are
   * counted to the given time, else to the time at which the position was recorded.
   */
  async of(position: bigint, timeMs: number | undefined, signal: AbortSignal): Promise<Moment> {
    const recordedMs = this.#times.get(position) ?? (await this.#found(position, signal))
    const resources = await this.#resources.of(position, signal)
    return { position, timeMs: timeMs ?? recordedMs, resources }
  }

  /** As `lastBy`; 410 where nothing was recorded yet. */
  async positionBy(timeMs: number, signal: AbortSignal): Promise<bigint> {
    const position = await this.lastBy(timeMs, signal)
    if (position !== undefined) return position
    const [time, begin] = [timeMs, (await this.first()).timeMs].map(timeText)
    throw expired(`nothing is recorded of ${time} or before: the log begins with ${begin}`)
  }

  /** The last position recorded by a time, if there is one. Throws once the signal aborts. */
  async lastBy(timeMs: number, signal: AbortSignal): Promise<bigint | undefined> {
    await this.#searches.enter(signal)
    try {
      if (!(await hadBegunBy(this.#ports.log, timeMs))) return undefined
      const position = await lastBy(this.#ports, timeMs, signal)
      signal.throwIfAborted()
      return position
    } finally {
      this.#searches.leave()
    }
  }

  /** The moment at which the log begins; 410 where nothing is recorded. */
  async first(): Promise<Omit<Moment, 'resources'>> {
    const first = await firstTimed(this.#ports.log)
    if (first !== undefined) return first
    throw expired('nothing is recorded')
  }

  async #found(position: bigint, signal: AbortSignal): Promise<number> {
    await waitForVersion(this.#ports, { resourceVersion: String(position) })
    const timeMs = await this.#timeAt(position, signal)
    this.#times.keep(position, timeMs)
    return timeMs
  }

  /** When a position was recorded, by its own event or the next one that carries a time. */
  async #timeAt(position: bigint, signal: AbortSignal): Promise<number> {
    const timed = await firstTimed(this.#ports.log, { from: position }, signal)
    return timed?.timeMs ?? this.#ports.clock.now()
  }
}

const timeText = (timeMs: number): string => new Date(timeMs).toISOString()
