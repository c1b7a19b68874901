import type { Random } from './random.ts'
import type { Timeline } from './timeline.ts'

/** A machine's wall clock, and its error. */
export type WallClock = { now(): number; errorMs: number }

/** Nearly right, as on machines with a time server. */
const ordinaryMsMax = 500

/** The wall clocks of the machines: none is right, and each can be set forward and back. */
export class WallClocks {
  readonly #timeline: Timeline
  readonly #random: Random
  readonly #byMachine = new Map<string, WallClock>()

  constructor({ timeline, random }: { timeline: Timeline; random: Random }) {
    this.#timeline = timeline
    this.#random = random
  }

  /** All programs on a machine share its clock. */
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

  /** Sets one of them to a time up to this far away. */
  jump(msMax: number): string {
    const [machine, clock] = this.#random.pick([...this.#byMachine]) ?? []
    if (clock) clock.errorMs = this.#random.between(-msMax, msMax)
    return `the clock of ${machine} is wrong by ${Math.floor(clock?.errorMs ?? 0)} ms`
  }

  /** Makes all nearly right again. */
  correct(): void {
    for (const clock of this.#byMachine.values()) clock.errorMs = this.#ordinaryMs()
  }

  #ordinaryMs(): number {
    return this.#random.between(-ordinaryMsMax, ordinaryMsMax)
  }
}
