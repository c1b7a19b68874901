import type { Resource } from '@reckon/kubernetes'
import { type Counter, counterIn, createMetrics } from '@reckon/process'
import type { ApiPorts } from '../ports.ts'
import { FollowedChanges } from './followed-changes.ts'
import { Pump } from './pump.ts'
import type { RecentChanges } from './recent-changes.ts'
import type { Piece } from './watch-lines.ts'
import type { Watcher } from './watcher.ts'

const tickMs = 1_000

type Context = {
  ports: Pick<ApiPorts, 'log' | 'objects' | 'clock' | 'logger' | 'metrics'>
  recent: RecentChanges
  closing: AbortSignal
}

/** All watches of this api: a pump for each resource, or set of resources, that is watched, and one clock for all. */
export class Watches {
  readonly #context: Context
  readonly #pumps = new Map<string, Pump>()
  readonly #cutOff: Counter
  #isTicking = false

  constructor(context: Context) {
    this.#context = context
    const { closing, ports } = context
    this.#cutOff = counterIn(ports.metrics ?? createMetrics(), {
      name: 'apiserver_terminated_watchers_total',
      help: 'Watches that were cut off, because their clients took nothing',
    })
    closing.addEventListener('abort', () => {
      for (const pump of this.#pumps.values()) pump.close()
    })
  }

  /** Sends a watcher its initial pieces, then every change after its position, until it ends. */
  begin(resources: readonly Resource[], watcher: Watcher, beginning: Iterable<Piece>): void {
    const id = FollowedChanges.idOf(resources)
    const pump = this.#pumps.get(id) ?? this.#pumpOf(resources)
    this.#pumps.set(id, pump)
    pump.begin(watcher, beginning)
    if (this.#context.closing.aborted) pump.close()
    if (!this.#isTicking) void this.#tick()
  }

  #pumpOf(resources: readonly Resource[]): Pump {
    const { ports } = this.#context
    return new Pump({ ports, followed: new FollowedChanges(this.#context, resources) })
  }

  async #tick(): Promise<void> {
    const { ports, closing } = this.#context
    this.#isTicking = true
    while (this.#pumps.size > 0) {
      await ports.clock.sleep(tickMs, closing)
      if (closing.aborted) return
      for (const [id, pump] of this.#pumps) {
        const cutOff = pump.tick()
        this.#cutOff.inc(cutOff)
        if (cutOff > 0) {
          ports.logger.warn(
            { resource: id, cutOff },
            'watches whose clients took nothing were cut off',
          )
        }
        if (!pump.isIdle) continue
        this.#pumps.delete(id)
        pump.close()
      }
    }
    this.#isTicking = false
  }
}
