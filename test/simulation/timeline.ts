import type { Random } from './random.ts'

type Moment = { atMs: number; tie: number; happen: (() => void) | undefined }

/** More than this at one moment: somebody waits for nothing and asks again at once. */
const momentsAtOnceMax = 20_000

/**
 * Virtual time: what is to happen, in order. Between two moments everything runs that waits for nothing but its turn,
 * so time passes only when all wait.
 */
export class Timeline {
  nowMs: number
  readonly #random: Random
  readonly #settled: () => Promise<void>
  readonly #heap: Moment[] = []
  #atOnce = 0

  /** `settled` resolves when everything that waits for nothing but its turn has had it. */
  constructor(random: Random, settled: () => Promise<void>, startMs = Date.UTC(2026, 0, 1)) {
    this.#random = random
    this.#settled = settled
    this.nowMs = startMs
  }

  /**
   * Lets something happen after a delay; returns how to call it off. Equal moments come in an order that the seed
   * draws.
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

  /** Goes on until that moment, or until `isOver`. */
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
