import type { WireEntry } from '../wire/frames.ts'

/** Entries that are kept while the log is read. What had to be dropped shows as a gap, and is repaired. */
const heldMax = 4096

/** What the wire's entries are put into, one after the other. */
export type Sink<T> = {
  readonly position: bigint | undefined
  apply(content: T, position: bigint): void
}

/**
 * Takes the wire's entries in the log's order: the next one is applied, a repeated one dropped, and one that has
 * something missing before it opens a gap. From then on entries are held until the gap is filled by a read.
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

  /** What is read is the source for now. */
  hold(): void {
    this.#open = false
  }

  /** All was read: what came meanwhile is taken, and what comes from now on. */
  open(): void {
    const held = this.#held
    this.#held = []
    this.#open = true
    for (const entry of held) this.receive(entry)
  }

  #applied({ position, previous, content }: WireEntry<T>): boolean {
    const own = this.#sink.position
    if (own !== undefined && position <= own) return true
    // Before the very first event nothing can be missing.
    const isNext = previous === undefined || (own !== undefined && previous <= own)
    if (!isNext || content === undefined) return false
    this.#sink.apply(content, position)
    return true
  }
}
