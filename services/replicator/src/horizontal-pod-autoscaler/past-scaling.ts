/** An amount at a moment, in milliseconds. */
type At<T> = T & { readonly atMs: number }

/** The recent recommendations and scalings of one autoscaler, for windows and rates. */
export class PastScaling {
  #recommendations: At<{ replicas: number }>[] = []
  #steps: At<{ by: number }>[] = []

  /** Records a recommendation, before any rule is applied; kept as long as a window may reach back. */
  recommend(replicas: number, nowMs: number): void {
    this.#recommendations = [...recent(this.#recommendations, nowMs), { replicas, atMs: nowMs }]
  }

  /** Records by how much the target grew or shrank. */
  scaled(by: number, nowMs: number): void {
    this.#steps = [...recent(this.#steps, nowMs), { by, atMs: nowMs }]
  }

  /** The recommendations of the last so many seconds. */
  recommendedWithin(seconds: number, nowMs: number): number[] {
    return within(this.#recommendations, seconds, nowMs).map(({ replicas }) => replicas)
  }

  /** By how much the target grew and shrank in the last so many seconds. */
  changeWithin(seconds: number, nowMs: number): { added: number; removed: number } {
    const steps = within(this.#steps, seconds, nowMs).map(({ by }) => by)
    const sum = (all: readonly number[]) => all.reduce((total, by) => total + by, 0)
    return { added: sum(steps.filter((by) => by > 0)), removed: -sum(steps.filter((by) => by < 0)) }
  }
}

/** Upstream's longest window, which is longer than its longest period. */
const secondsMax = 3_600

const within = <T>(all: readonly At<T>[], seconds: number, nowMs: number): At<T>[] =>
  all.filter(({ atMs }) => atMs > nowMs - seconds * 1000)

const recent = <T>(all: readonly At<T>[], nowMs: number) => within(all, secondsMax, nowMs)
