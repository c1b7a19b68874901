import type { RecordedEvent } from '../event.ts'
import type { WireEvent } from '../wire-event.ts'

/** Messages that are kept while the log is read. What had to be dropped shows as a gap, and is repaired. */
const heldMax = 4096

/** What the wire's events are put into, one after the other. */
export type Sink = { readonly position: bigint | undefined; apply(event: RecordedEvent): void }

/**
 * Takes the wire's messages in the log's order: the next one is applied, a repeated one dropped, and one that has
 * something missing before it opens a gap. From then on messages are held until the log has filled it.
 */
export class WireIntake {
  readonly #sink: Sink
  #held: WireEvent[] = []
  #open = false

  constructor(sink: Sink) {
    this.#sink = sink
  }

  /** Whether messages are applied as they come. */
  get isOpen(): boolean {
    return this.#open
  }

  receive(message: WireEvent): void {
    if (this.#open && this.#applied(message)) return
    this.#open = false
    this.#held.push(message)
    if (this.#held.length > heldMax) this.#held.shift()
  }

  /** The log is the source for now. */
  hold(): void {
    this.#open = false
  }

  /** The log was read to its end: what came meanwhile is taken, and what comes from now on. */
  open(): void {
    const held = this.#held
    this.#held = []
    this.#open = true
    for (const message of held) this.receive(message)
  }

  #applied({ position, previous, event }: WireEvent): boolean {
    const own = this.#sink.position
    if (own !== undefined && position <= own) return true
    // Before the very first event nothing can be missing.
    const isNext = previous === undefined || (own !== undefined && previous <= own)
    if (!isNext || event === undefined) return false
    this.#sink.apply(event)
    return true
  }
}
