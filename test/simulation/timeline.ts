import type { Random } from './random.ts'

type Moment = { atMs: number; tie: number; happen: (() => void) | undefined }

/** More events than this at one moment mean that somebody retries without delay. */
const momentsAtOnceMax = 20_000

/**
 * Virtual time: the future events in order. Between two moments everything runs that waits only for its turn, so that
 * time passes only when everything waits.
 */
export class Timeline {
  nowMs: number
  readonly #random: Random
  readonly #settled: () => Promise<void>
  readonly #heap: Moment[] = []
  #atOnce = 0

  /** `settled` resolves when everything that waits only for its turn has had it. */
  constructor(random: Random, settled: () => Promise<void>, startMs = Date.UTC(2026, 0, 1)) {
    this.#random = random
    this.#settled = settled
    this.nowMs = startMs
  }

  /**
   * Schedules an event after a delay; returns a function that cancels it. The seed draws the order of equal moments.
   */
  after(delayMs: number, happen: () => void): () => void {
    return this.at(this.nowMs + Math.max(0, delayMs), happen)
  }

  at(atMs: number, happen: () => void): () => void {
    const moment: Moment = { atMs: Math.max(atMs, this.nowMs), tie: this.#random.next(), happen }
    this.#push(moment)
    return () => {
      moment.happen = undefined
    }
  }

  /** Runs until that moment, or until `isOver`. */
  async runUntil(endMs: number, isOver: () => boolean): Promise<void> {
    await this.#settled()
    while (!isOver()) {
      const next = this.#heap[0]
      if (next === undefined || next.atMs > endMs) break
      this.#pop()
      if (next.happen === undefined) continue
      this.#atOnce = next.atMs === this.nowMs ? this.#atOnce + 1 : 0
      if (this.#atOnce > momentsAtOnceMax) throw new Error('time does not pass any more')
      this.nowMs = next.atMs
      next.happen()
      await this.#settled()
    }
    if (!isOver()) this.nowMs = Math.max(this.nowMs, endMs)
  }

  #push(moment: Moment): void {
    const heap = this.#heap
    let index = heap.push(moment) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (isBefore(heap[parent] as Moment, moment)) break
      heap[index] = heap[parent] as Moment
      index = parent
    }
    heap[index] = moment
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop() as Moment
    if (heap.length === 0) return
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child >= heap.length) break
      const right = heap[child + 1]
      if (right !== undefined && isBefore(right, heap[child] as Moment)) child++
      if (isBefore(last, heap[child] as Moment)) break
      heap[index] = heap[child] as Moment
      index = child
    }
    heap[index] = last
  }
}

const isBefore = (a: Moment, b: Moment): boolean =>
  a.atMs < b.atMs || (a.atMs === b.atMs && a.tie < b.tie)
