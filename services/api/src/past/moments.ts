import { isSystemEvent } from '@reckon/eventing'
import { hadBegunBy, lastBy } from '../history/position-at.ts'
import type { ApiPorts } from '../ports.ts'
import { expired, waitForVersion } from '../verbs/resource-version.ts'
import { AtMost } from './at-most.ts'
import type { Moment } from './moment.ts'
import { Remembered } from './remembered.ts'
import type { ResourcesAt } from './resources-at.ts'

/** The times of so many are kept: all that one kubectl asks is about one of them. */
const momentsMax = 64

/** So many times are looked for at once: each may read much of the log, and nobody was asked yet who may have it. */
const searchesMax = 2

/** The moments that requests name, found in the log. */
export class Moments {
  readonly #ports: ApiPorts
  readonly #resources: ResourcesAt
  readonly #times = new Remembered<bigint, number>(momentsMax)
  readonly #searches = new AtMost(searchesMax)

  constructor(ports: ApiPorts, resources: ResourcesAt) {
    this.#ports = ports
    this.#resources = resources
  }

  /**
   * The moment of a position, once the view has it; 410 where the log has no such position yet. Ages are counted to the
   * time that is given, else to when that was recorded.
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

  /** The last position that was recorded by a time, if any was. Throws once the signal aborts. */
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

  /** The moment with which the log begins; 410 where nothing is recorded. */
  async first(): Promise<Omit<Moment, 'resources'>> {
    for await (const { position, metadata } of this.#ports.log.readAll()) {
      const timeMs = Date.parse(metadata?.time ?? '')
      if (!Number.isNaN(timeMs)) return { position, timeMs }
    }
    throw expired('nothing is recorded')
  }

  async #found(position: bigint, signal: AbortSignal): Promise<number> {
    await waitForVersion(this.#ports, { resourceVersion: String(position) })
    const timeMs = await this.#timeAt(position, signal)
    this.#times.keep(position, timeMs)
    return timeMs
  }

  /** When what stands at a position was recorded, or what comes next of those that tell it. */
  async #timeAt(position: bigint, signal: AbortSignal): Promise<number> {
    for await (const event of this.#ports.log.readAll({ from: position })) {
      signal.throwIfAborted()
      if (isSystemEvent(event)) continue
      const timeMs = Date.parse(event.metadata?.time ?? '')
      if (!Number.isNaN(timeMs)) return timeMs
    }
    return this.#ports.clock.now()
  }
}

const timeText = (timeMs: number): string => new Date(timeMs).toISOString()
