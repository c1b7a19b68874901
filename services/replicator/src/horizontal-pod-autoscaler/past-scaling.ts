/** At a moment, in milliseconds. */
type At<T> = T & { readonly atMs: number }

/** What was wanted and done of late for one autoscaler: windows and rates go by it. */
export class PastScaling {
  #recommendations: At<{ replicas: number }>[] = []
  #steps: At<{ by: number }>[] = []

  /** How many were wanted, before any rule; remembered as long as a window may reach back. */
  recommend(replicas: number, nowMs: number): void {
    this.#recommendations = [...recent(this.#recommendations, nowMs), { replicas, atMs: nowMs }]
  }

  /** The target became larger, or smaller, by so much. */
  scaled(by: number, nowMs: number): void {
    this.#steps = [...recent(this.#steps, nowMs), { by, atMs: nowMs }]
  }

  /** What was wanted within so many seconds before. */
  recommendedWithin(seconds: number, nowMs: number): number[] {
    return within(this.#recommendations, seconds, nowMs).map(({ replicas }) => replicas)
  }

  /** By how much it grew and shrank within so many seconds before. */
  changeWithin(seconds: number, nowMs: number): { added: number; removed: number } {
    const steps = within(this.#steps, seconds, nowMs).map(({ by }) => by)
    const sum = (all: readonly number[]) => all.reduce((total, by) => total + by, 0)
    return { added: sum(steps.filter((by) => by > 0)), removed: -sum(steps.filter((by) => by < 0)) }
  }
}

/** Upstream's longest window, and longer than its longest period. */
const secondsMax = 3_600

const within = <T>(all: readonly At<T>[], seconds: number, nowMs: number): At<T>[] =>
  all.filter(({ atMs }) => atMs > nowMs - seconds * 1000)

const recent = <T>(all: readonly At<T>[], nowMs: number) => within(all, secondsMax, nowMs)
