import { Latencies } from '../latencies.ts'
import { cpuMicrosOf } from '../process-usage.ts'
import type { Figure } from './figure.ts'
import { cpuMicrosOfAll, type ServerProcess } from './server-processes.ts'

/** Measures what the load does between `begin` and `end`: its rate, its latencies, and the CPU of both sides. */
export class Meter {
  readonly latencies = new Latencies()
  readonly #server: readonly ServerProcess[]
  readonly #before: Record<string, number>
  readonly #ownBefore = cpuMicrosOf(process.pid)
  readonly #begun = performance.now()

  constructor(server: readonly ServerProcess[]) {
    this.#server = server
    this.#before = cpuMicrosOfAll(server)
  }

  /** Ends the measurement: `count` requests were answered in it. CPU is divided by `shares` (by `count` if absent). */
  figure(what: string, count: number, shares = count): Figure {
    const seconds = (performance.now() - this.#begun) / 1000
    const used = Object.entries(cpuMicrosOfAll(this.#server)).map(([name, micros]) => [
      name,
      (micros - (this.#before[name] ?? 0)) / shares,
    ])
    return {
      what,
      perSecond: count / seconds,
      p50Ms: this.latencies.percentileMs(0.5),
      p99Ms: this.latencies.percentileMs(0.99),
      maxMs: this.latencies.percentileMs(1),
      serverMicros: Object.fromEntries(used),
      loadMicros: (cpuMicrosOf(process.pid) - this.#ownBefore) / shares,
    }
  }
}
