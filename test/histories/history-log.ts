import type { LoggedEvent, State } from './logged-event.ts'
import { keyOf } from './operation.ts'

/** From an event on, an object is so; until the next one. `index` is the event's place in the log, -1 before any. */
export type Segment = { index: number; state: State | undefined }

/** The log with what checks ask of it, each answer in constant or logarithmic time. */
export class HistoryLog {
  readonly events: readonly LoggedEvent[]
  readonly #indices = new Map<bigint, number>()
  readonly #segments = new Map<string, Segment[]>()
  readonly #nth: number[] = []
  readonly #ofResource = new Map<string, number[]>()
  readonly #ofRequest = new Map<string, number[]>()

  constructor(events: readonly LoggedEvent[]) {
    this.events = events
    for (const [index, { position, ref, state, request }] of events.entries()) {
      this.#indices.set(position, index)
      if (request !== undefined) grown(this.#ofRequest, request).push(index)
      if (ref === undefined) continue
      const segments = grown(this.#segments, keyOf(ref))
      if (segments.length === 0) segments.push({ index: -1, state: undefined })
      this.#nth[index] = segments.length
      segments.push({ index, state })
      grown(this.#ofResource, ref.resource).push(index)
    }
  }

  get requests(): Iterable<[string, readonly number[]]> {
    return this.#ofRequest
  }

  at(index: number): LoggedEvent {
    const event = this.events[index]
    if (event === undefined) throw new Error(`the log has no event ${index}`)
    return event
  }

  /** The place of the event at this position. */
  indexAt(position: bigint): number | undefined {
    return this.#indices.get(position)
  }

  /**
   * The place of the last event up to this version, -1 where there is none; undefined for a version above the head. The
   * event that a version names may be gone by now: the store scrubs the keys of deleted Secrets.
   */
  upTo(version: bigint): number | undefined {
    if (version > (this.events.at(-1)?.position ?? 0n)) return undefined
    const { events } = this
    return firstWhere(events.length, (nth) => this.at(nth).position > version) - 1
  }

  /** Everything that an object ever was, its first absence included. */
  segments(key: string): readonly Segment[] {
    return this.#segments.get(key) ?? [{ index: -1, state: undefined }]
  }

  /** What the object of this event was before it. */
  before(index: number): State | undefined {
    return this.#segmentsOf(index)[(this.#nth[index] ?? 0) - 1]?.state
  }

  /** The next event about the same object; the log's length where there is none. */
  next(index: number): number {
    return this.#segmentsOf(index)[(this.#nth[index] ?? 0) + 1]?.index ?? this.events.length
  }

  /** The events that this operation asked for. */
  ofRequest(id: string): readonly number[] {
    return this.#ofRequest.get(id) ?? []
  }

  /** The events about a resource's objects after a position. */
  *changesAfter(resource: string, position: bigint): Iterable<number> {
    const indices = this.#ofResource.get(resource) ?? []
    const first = firstWhere(
      indices.length,
      (nth) => this.at(indices[nth] ?? 0).position > position,
    )
    for (let nth = first; nth < indices.length; nth++) yield indices[nth] as number
  }

  #segmentsOf(index: number): readonly Segment[] {
    const { ref } = this.at(index)
    return ref === undefined ? [] : this.segments(keyOf(ref))
  }
}

/** The first of so many of which it holds, where it holds of all that follow; their number where it holds of none. */
export function firstWhere(count: number, holds: (nth: number) => boolean): number {
  let [low, high] = [0, count]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}

function grown<T>(lists: Map<string, T[]>, key: string): T[] {
  const list = lists.get(key) ?? []
  lists.set(key, list)
  return list
}
