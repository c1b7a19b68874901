import type { StoredEvent } from './stored-event.ts'

/** No more is kept than one page of a read may hold. */
const countMax = 512
const bytesMax = 1 << 20

/**
 * The newest events, as they were written: whoever follows the log asks for them next, and need not read them from the
 * file.
 */
export class RecentEvents {
  #events: StoredEvent[] = []
  #bytes = 0

  /** Takes in the event after the last one. */
  add({ message, ...event }: StoredEvent): void {
    this.#events.push({ ...event, message: apart(message) })
    this.#bytes += message.length
    while (this.#events.length > countMax || this.#bytes > bytesMax) {
      this.#bytes -= this.#events.shift()?.message.length ?? 0
    }
  }

  /** All from a position on; undefined where some of them are kept no longer. */
  from(position: number): readonly StoredEvent[] | undefined {
    const [oldest] = this.#events
    if (oldest === undefined || position < oldest.position) return undefined
    return this.#events.slice(position - oldest.position)
  }

  /** What was written is undone, or some of it removed. */
  clear(): void {
    this.#events = []
    this.#bytes = 0
  }
}

/**
 * In memory of its own: a part of what Node allocates for many would keep all of it, and that for longer than the
 * collector looks after what is young.
 */
function apart(message: Buffer): Buffer {
  const own = Buffer.allocUnsafeSlow(message.length)
  own.set(message)
  return own
}
