import type { StoredEvent } from './stored-event.ts'

/** No more is kept than one page of a read may hold. */
const countMax = 512
const bytesMax = 1 << 20

/**
 * The newest events as they were written. Whoever follows the log asks for them next, and need not read them from the
 * file.
 */
export class RecentEvents {
  #events: StoredEvent[] = []
  #bytes = 0

  /** Adds the event after the last one. */
  add({ message, ...event }: StoredEvent): void {
    this.#events.push({ ...event, message: apart(message) })
    this.#bytes += message.length
    while (this.#events.length > countMax || this.#bytes > bytesMax) {
      this.#bytes -= this.#events.shift()?.message.length ?? 0
    }
  }

  /** All events from a position on; undefined where some of them are no longer kept. */
  from(position: number): readonly StoredEvent[] | undefined {
    const [oldest] = this.#events
    if (oldest === undefined || position < oldest.position) return undefined
    return this.#events.slice(position - oldest.position)
  }

  /** Called when writes are rolled back, or events removed. */
  clear(): void {
    this.#events = []
    this.#bytes = 0
  }
}

/** A copy in memory of its own: a slice of one of Node's pooled buffers would keep the whole pool alive. */
function apart(message: Buffer): Buffer {
  const own = Buffer.allocUnsafeSlow(message.length)
  own.set(message)
  return own
}
