import type { ActivityClass } from './activity.ts'

/** A span of time in equal parts. */
export type Buckets = { fromMs: number; toMs: number; count: number }

/** Counts events by class and by equal parts of a span; to be added in log order. */
export class Density {
  readonly bucketMs: number
  /** The counts of each class, by part. */
  readonly counts: Readonly<Record<ActivityClass, number[]>>
  readonly #buckets: Buckets
  readonly #last: (bigint | undefined)[]
  #before: bigint | undefined

  constructor(buckets: Buckets) {
    const { fromMs, toMs, count } = buckets
    const none = () => new Array<number>(count).fill(0)
    this.#buckets = buckets
    this.#last = new Array(count)
    this.bucketMs = Math.max(1, Math.ceil((toMs - fromMs) / count))
    this.counts = { people: none(), controllers: none(), nodes: none(), trouble: none() }
  }

  /** The last position recorded by the end of each part; undefined before the first. */
  get positions(): readonly (bigint | undefined)[] {
    let known = this.#before
    return Array.from(this.#last, (position) => {
      known = position ?? known
      return known
    })
  }

  /** Adds an event, of the class `counted`. An event outside the span only determines the position where it begins. */
  add({ position, timeMs }: { position: bigint; timeMs: number }, counted?: ActivityClass): void {
    const { fromMs, toMs, count } = this.#buckets
    if (timeMs < fromMs) this.#before = position
    if (!(timeMs >= fromMs && timeMs <= toMs)) return
    const bucket = Math.min(count - 1, Math.floor((timeMs - fromMs) / this.bucketMs))
    this.#last[bucket] = position
    if (counted === undefined) return
    const counts = this.counts[counted]
    counts[bucket] = (counts[bucket] ?? 0) + 1
  }
}
