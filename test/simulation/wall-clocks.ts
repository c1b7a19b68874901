import type { Random } from './random.ts'
import type { Timeline } from './timeline.ts'

/** What a machine takes for the time, and by how much it is wrong. */
export type WallClock = { now(): number; errorMs: number }

/** Near to right, as machines that ask a time server are. */
const ordinaryMsMax = 500

/** A wall clock for each machine: none is right, and each can be set forward and back. */
export class WallClocks {
  readonly #timeline: Timeline
  readonly #random: Random
  readonly #byMachine = new Map<string, WallClock>()

  constructor({ timeline, random }: { timeline: Timeline; random: Random }) {
    this.#timeline = timeline
    this.#random = random
  }

  /** All that runs on one machine shares its clock. */
  of(machine: string): WallClock {
    const known = this.#byMachine.get(machine)
    if (known) return known
    const clock: WallClock = {
      errorMs: this.#ordinaryMs(),
      now: () => Math.floor(this.#timeline.nowMs + clock.errorMs),
    }
    this.#byMachine.set(machine, clock)
    return clock
  }

  /** One of them is set to a time up to so far away. */
  jump(msMax: number): string {
    const [machine, clock] = this.#random.pick([...this.#byMachine]) ?? []
    if (clock) clock.errorMs = this.#random.between(-msMax, msMax)
    return `the clock of ${machine} is wrong by ${Math.floor(clock?.errorMs ?? 0)} ms`
  }

  /** All are nearly right again. */
  correct(): void {
    for (const clock of this.#byMachine.values()) clock.errorMs = this.#ordinaryMs()
  }

  #ordinaryMs(): number {
    return this.#random.between(-ordinaryMsMax, ordinaryMsMax)
  }
}
