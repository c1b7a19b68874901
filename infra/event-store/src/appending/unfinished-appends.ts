import type { WriteTarget } from '../protocol/decode.ts'
import type { ProposedEvent } from './proposed-event.ts'

/** An append whose last part has not arrived. */
export interface UnfinishedAppend {
  readonly target: WriteTarget
  readonly events: ProposedEvent[]
  readonly timer: NodeJS.Timeout
  bytes: number
}

/** The limits: of all unfinished appends together, and of those of one call. */
const bytesMax = 256 << 20
export const unfinishedOfCallMax = 1000

/** The unfinished appends of one call by their correlation; `all` counts the bytes of every call. */
export class UnfinishedAppends {
  readonly #appends = new Map<string, UnfinishedAppend>()
  readonly #all: { bytes: number }

  constructor(all: { bytes: number }) {
    this.#all = all
  }

  get isFull(): boolean {
    return this.#all.bytes > bytesMax || this.#appends.size > unfinishedOfCallMax
  }

  get(key: string): UnfinishedAppend | undefined {
    return this.#appends.get(key)
  }

  begin(key: string, append: UnfinishedAppend): void {
    this.#all.bytes += append.bytes
    this.#appends.set(key, append)
  }

  /** Another part has arrived, with this many bytes. */
  extend(append: UnfinishedAppend, events: readonly ProposedEvent[], bytes: number): void {
    this.#all.bytes += bytes - append.bytes
    append.events.push(...events)
    append.bytes = bytes
  }

  /** It is complete, or refused. */
  drop(key: string): void {
    const append = this.#appends.get(key)
    if (append === undefined) return
    clearTimeout(append.timer)
    this.#appends.delete(key)
    this.#all.bytes -= append.bytes
  }

  clear(): void {
    for (const key of [...this.#appends.keys()]) this.drop(key)
  }
}
