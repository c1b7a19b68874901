import { backOffMs, type Cause } from '@reckon/eventing'

const rests = { minMs: 100, maxMs: 30_000 }

/** Why a key is to be reconciled. */
export type Reason = {
  /** The last event that concerned it. */
  trigger?: Cause
  /** The event that its writes are caused by, where it is not the object's own last intent. */
  intent?: Cause
}

export type Work = Reason & { key: string }

/** How often a key has failed since its last success, and since when. */
export type Failing = { count: number; firstAtMs: number }

/** When a key is reconciled again without a trigger, and before when it is not reconciled at all; milliseconds. */
export type Rest = { againAtMs?: number | undefined; restUntilMs?: number | undefined }

/**
 * The queue of one controller: each key once, and never worked on twice at the same time. A key that is added while it
 * is worked on comes again afterwards. A failed key comes again after 0.1 s, 0.2 s, … 30 s, and an expensive one after
 * its rest.
 */
export class WorkQueue {
  readonly #due = new Map<string, Reason>()
  readonly #working = new Set<string>()
  readonly #later = new Map<string, { atMs: number; reason: Reason }>()
  readonly #failures = new Map<string, Failing>()
  readonly #restUntilMs = new Map<string, number>()

  add(key: string, reason: Reason): void {
    this.#due.set(key, joined(this.#due.get(key), reason))
  }

  /** The next key to work on; `done` or `failed` returns it. */
  take(nowMs: number): Work | undefined {
    for (const [key, { atMs, reason }] of this.#later) {
      if (atMs > nowMs) continue
      this.#later.delete(key)
      this.add(key, reason)
    }
    for (const [key, reason] of this.#due) {
      if (this.#working.has(key) || (this.#restUntilMs.get(key) ?? 0) > nowMs) continue
      this.#due.delete(key)
      this.#restUntilMs.delete(key)
      this.#working.add(key)
      return { key, ...reason }
    }
    return undefined
  }

  /** The key is reconciled; it comes again at `againAtMs`, if given, and never before `restUntilMs`. */
  done({ key }: Work, { againAtMs, restUntilMs }: Rest = {}): void {
    this.#working.delete(key)
    this.#failures.delete(key)
    if (restUntilMs !== undefined) this.#restUntilMs.set(key, restUntilMs)
    if (againAtMs === undefined) this.#later.delete(key)
    else this.#later.set(key, { atMs: againAtMs, reason: {} })
  }

  /** The work was refused: the key comes again after a back-off, for the same reason. */
  failed({ key, ...reason }: Work, nowMs: number): Failing {
    this.#working.delete(key)
    const { count = 0, firstAtMs = nowMs } = this.#failures.get(key) ?? {}
    const failing = { count: count + 1, firstAtMs }
    this.#failures.set(key, failing)
    this.#later.set(key, { atMs: nowMs + backOffMs(failing.count, rests), reason })
    return failing
  }

  /** How many keys are due. */
  get depth(): number {
    return this.#due.size
  }

  /** When the next key is due, in milliseconds; undefined if the queue is empty. */
  get nextAtMs(): number | undefined {
    const moments = [...this.#later.values()].map(({ atMs }) => atMs)
    for (const key of this.#due.keys()) {
      if (this.#working.has(key)) continue
      const restUntilMs = this.#restUntilMs.get(key)
      if (restUntilMs === undefined) return 0
      moments.push(restUntilMs)
    }
    return moments.length > 0 ? moments.reduce((a, b) => Math.min(a, b)) : undefined
  }
}

/** The first intent is kept, because the result answers it; the newest trigger counts. */
const joined = (before: Reason | undefined, reason: Reason): Reason => ({
  ...before,
  ...reason,
  ...(before?.intent && { intent: before.intent }),
})
