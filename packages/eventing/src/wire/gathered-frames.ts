import type { Bus } from '../bus/bus.ts'
import type { Clock } from '../clock.ts'
import { encodeFrames, frameBytes, type WireEntry } from './frames.ts'

/** After a message, entries are gathered for this long. */
const gatherMs = 3
/** After this many bytes, it is checked whether the wire has taken them. */
const askEveryBytes = 1024 * 1024
/** The most that is kept for a wire that takes nothing: more is dropped, and readers fetch it elsewhere. */
const owedBytesMax = 32 * 1024 * 1024

/**
 * Gathers entries into messages: after a pause an entry is sent at the end of the current turn; otherwise the entries
 * of some 3 ms form one message for each subject, or as few as `payloadBytesMax` allows. A single entry above that
 * limit is sent without content.
 */
export class GatheredFrames {
  readonly #bus: Bus
  readonly #clock: Clock
  readonly #bySubject = new Map<string, WireEntry[]>()
  #isDue = false
  #saidAt = Number.NEGATIVE_INFINITY
  #owedBytes = 0
  #isAsking = false

  constructor({ bus, clock }: { bus: Bus; clock: Clock }) {
    this.#bus = bus
    this.#clock = clock
  }

  add(subject: string, entry: WireEntry): void {
    const isTooLarge = frameBytes(entry) > this.#bus.payloadBytesMax
    const said = isTooLarge ? { ...entry, content: undefined } : entry
    const gathered = this.#bySubject.get(subject)
    if (gathered) gathered.push(said)
    else this.#bySubject.set(subject, [said])
    if (this.#isDue) return
    this.#isDue = true
    // A clock that was set back must not delay anything.
    const restMs = Math.min(gatherMs, this.#saidAt + gatherMs - this.#clock.now())
    void this.#clock.sleep(Math.max(0, restMs)).then(() => this.flush())
  }

  /** Sends now what is gathered. */
  flush(): void {
    this.#isDue = false
    if (this.#bySubject.size === 0) return
    this.#saidAt = this.#clock.now()
    for (const [subject, entries] of this.#bySubject) {
      for (const message of messagesOf(entries, this.#bus.payloadBytesMax)) {
        this.#publish(subject, message)
      }
    }
    this.#bySubject.clear()
  }

  #publish(subject: string, entries: readonly WireEntry[]): void {
    if (this.#owedBytes > owedBytesMax) return
    const message = encodeFrames(entries)
    this.#bus.publish(subject, message)
    this.#owedBytes += message.length
    if (this.#owedBytes > askEveryBytes && !this.#isAsking) void this.#ask()
  }

  /** A wire that is away drops the messages anyway. */
  async #ask(): Promise<void> {
    const owed = this.#owedBytes
    this.#isAsking = true
    await this.#bus.flush().catch(() => undefined)
    this.#owedBytes -= owed
    this.#isAsking = false
  }
}

/** The entries in order, as many for each message as it can carry. */
function* messagesOf(
  entries: readonly WireEntry[],
  bytesMax: number,
): Generator<readonly WireEntry[]> {
  let begin = 0
  let bytes = 0
  for (const [index, entry] of entries.entries()) {
    const more = frameBytes(entry)
    if (index > begin && bytes + more > bytesMax) {
      yield entries.slice(begin, index)
      begin = index
      bytes = 0
    }
    bytes += more
  }
  yield entries.slice(begin)
}
