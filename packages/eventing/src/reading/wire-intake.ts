import type { WireEntry } from '../wire/frames.ts'

/** The most entries held while the log is read. Dropped ones show as a gap and are read later. */
const heldMax = 4096

/** Receives the wire's entries, in order. */
export type Sink<T> = {
  readonly position: bigint | undefined
  apply(content: T, position: bigint): void
}

/**
 * Applies the wire's entries in the log's order: the next one is applied, a repeated one is dropped, and one whose
 * predecessor is missing opens a gap. From then on entries are held until the gap has been filled from elsewhere.
 */
export class WireIntake<T> {
  readonly #sink: Sink<T>
  #held: WireEntry<T>[] = []
  #open = false

  constructor(sink: Sink<T>) {
    this.#sink = sink
  }

  /** Whether entries are applied as they come. */
  get isOpen(): boolean {
    return this.#open
  }

  receive(entry: WireEntry<T>): void {
    if (this.#open && this.#applied(entry)) return
    this.#open = false
    this.#held.push(entry)
    if (this.#held.length > heldMax) this.#held.shift()
  }

  /** Holds entries from now on. */
  hold(): void {
    this.#open = false
  }

  /** The gap is filled: applies the held entries, and those that come from now on. */
  open(): void {
    const held = this.#held
    this.#held = []
    this.#open = true
    for (const entry of held) this.receive(entry)
  }

  #applied({ position, previous, content }: WireEntry<T>): boolean {
    const own = this.#sink.position
    if (own !== undefined && position <= own) return true
    // Nothing can be missing before the very first event.
    const isNext = previous === undefined || (own !== undefined && previous <= own)
    if (!isNext || content === undefined) return false
    this.#sink.apply(content, position)
    return true
  }
}
