import type { Clock } from '@reckon/eventing'
import type { Timeline } from './timeline.ts'
import type { WallClock } from './wall-clocks.ts'

/** The interval between two inputs that were held back while a process was paused. */
const catchUpMs = 0.01

/**
 * One run of one program. Its inputs come through `enter`: none while it is paused, and none any more once it is
 * killed, so that its pending requests stay unanswered for ever.
 */
export class SimulatedProcess {
  /** `scheduler@machine-1#3`: the third run. */
  readonly name: string
  readonly clock: Clock
  state: 'Running' | 'Paused' | 'Killed' = 'Running'
  readonly #timeline: Timeline
  readonly #held: (() => void)[] = []
  readonly #atEnd: (() => void)[] = []
  #isCatchingUp = false

  constructor(name: string, timeline: Timeline, wall: WallClock) {
    this.name = name
    this.#timeline = timeline
    this.clock = { now: () => wall.now(), sleep: (ms, end) => this.#sleep(ms, end) }
  }

  /** The number of inputs that wait for it to continue. */
  get held(): number {
    return this.#held.length
  }

  /** Runs the process for an input from outside. */
  enter(run: () => void): void {
    if (this.state === 'Killed') return
    if (this.state === 'Paused' || this.#held.length > 0) this.#held.push(run)
    else run()
  }

  /** A promise that the world settles; the process receives the result only while it runs. */
  promise<T>(
    begin: (resolve: (value: T) => void, reject: (error: unknown) => void) => void,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) =>
      begin(
        (value) => this.enter(() => resolve(value)),
        (error) => this.enter(() => reject(error)),
      ),
    )
  }

  /** Cleans up when the process ends, however it does. */
  atEnd(clear: () => void): void {
    this.#atEnd.push(clear)
  }

  pause(): void {
    if (this.state === 'Running') this.state = 'Paused'
  }

  resume(): void {
    if (this.state !== 'Paused') return
    this.state = 'Running'
    this.#catchUp()
  }

  kill(): void {
    if (this.state === 'Killed') return
    this.state = 'Killed'
    this.#held.length = 0
    for (const clear of this.#atEnd) clear()
  }

  /** One input after the other, each with everything that follows from it. */
  #catchUp(): void {
    if (this.#isCatchingUp || this.#held.length === 0) return
    this.#isCatchingUp = true
    this.#timeline.after(catchUpMs, () => {
      this.#isCatchingUp = false
      if (this.state !== 'Running') return
      const next = this.#held.shift()
      next?.()
      this.#catchUp()
    })
  }

  #sleep(ms: number, end: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      if (end?.aborted) return resolve()
      const wake = () => {
        callOff()
        end?.removeEventListener('abort', wake)
        resolve()
      }
      const callOff = this.#timeline.after(ms, () => this.enter(wake))
      end?.addEventListener('abort', wake)
    })
  }
}
