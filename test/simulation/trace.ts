import { createHash } from 'node:crypto'
import type { Timeline } from './timeline.ts'

const keptMax = 400

/** A digest of everything that happened; the last lines are kept for finding the cause. */
export class Trace {
  readonly lines: string[] = []
  readonly #hash = createHash('sha256')
  readonly #timeline: Timeline
  readonly #startMs: number
  readonly #print: ((line: string) => void) | undefined

  constructor(timeline: Timeline, print?: (line: string) => void) {
    this.#timeline = timeline
    this.#startMs = timeline.nowMs
    this.#print = print
  }

  get seconds(): number {
    return (this.#timeline.nowMs - this.#startMs) / 1000
  }

  /** Adds to the digest. */
  note(what: string): void {
    this.#hash.update(`${this.#timeline.nowMs} ${what}\n`)
  }

  /** As `note`, and worth reading. */
  record(what: string): void {
    this.note(what)
    const line = `${this.seconds.toFixed(3).padStart(9)} ${what}`
    this.lines.push(line)
    if (this.lines.length > keptMax) this.lines.shift()
    this.#print?.(line)
  }

  digest(): string {
    return this.#hash.copy().digest('hex')
  }
}
