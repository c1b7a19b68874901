import { backOffMs } from '@reckon/eventing'

const rests = { minMs: 1_000, maxMs: 10_000 }
/** A parked pod is tried again after this time even if nothing happened that may help. */
const parkedMsMax = 60_000

type Waiting = { attempts: number; triedAt: number }

/**
 * The pods that wait for a node, by uid: active ones are tried in the order of their arrival; one that was tried rests
 * 1 s, 2 s, … 10 s; one that fits nowhere is parked until something happens that may help. As kube-scheduler's queues.
 */
export class SchedulingQueue {
  readonly #active = new Set<string>()
  readonly #backingOff = new Map<string, Waiting>()
  readonly #parked = new Map<string, Waiting>()
  readonly #attempts = new Map<string, number>()

  /** A pod that appeared, or that changed so that it may fit now. */
  add(uid: string): void {
    this.#parked.delete(uid)
    this.#backingOff.delete(uid)
    this.#active.add(uid)
  }

  /** The pod needs no node any more. */
  remove(uid: string): void {
    this.#active.delete(uid)
    this.#backingOff.delete(uid)
    this.#parked.delete(uid)
    this.#attempts.delete(uid)
  }

  /** The next pod to try; undefined when none is due. Its attempt counts. */
  pop(nowMs: number): string | undefined {
    this.#activateDue(nowMs)
    const [uid] = this.#active
    if (uid === undefined) return undefined
    this.#active.delete(uid)
    this.#attempts.set(uid, (this.#attempts.get(uid) ?? 0) + 1)
    return uid
  }

  /** No node suits the pod. */
  park(uid: string, nowMs: number): void {
    this.#parked.set(uid, this.#tried(uid, nowMs))
  }

  /** The pod could not be bound for a reason that is not its own. */
  backOff(uid: string, nowMs: number): void {
    this.#backingOff.set(uid, this.#tried(uid, nowMs))
  }

  /** Something happened that may help: what is parked is tried again once it has rested. */
  unpark(): void {
    for (const [uid, waiting] of this.#parked) this.#backingOff.set(uid, waiting)
    this.#parked.clear()
  }

  /** How many pods wait, under kube-scheduler's names of its queues. */
  get counts(): Record<'active' | 'backoff' | 'unschedulable', number> {
    const [active, backoff] = [this.#active.size, this.#backingOff.size]
    return { active, backoff, unschedulable: this.#parked.size }
  }

  /** When the next pod is due, in milliseconds; undefined when none waits. */
  get nextAtMs(): number | undefined {
    if (this.#active.size > 0) return 0
    const moments = [
      ...[...this.#backingOff.values()].map(restedAt),
      ...[...this.#parked.values()].map(({ triedAt }) => triedAt + parkedMsMax),
    ]
    return moments.length > 0 ? moments.reduce((a, b) => Math.min(a, b)) : undefined
  }

  #activateDue(nowMs: number): void {
    for (const [uid, waiting] of this.#parked) {
      if (waiting.triedAt + parkedMsMax <= nowMs) this.add(uid)
    }
    for (const [uid, waiting] of this.#backingOff) {
      if (restedAt(waiting) <= nowMs) this.add(uid)
    }
  }

  #tried(uid: string, nowMs: number): Waiting {
    return { attempts: this.#attempts.get(uid) ?? 1, triedAt: nowMs }
  }
}

const restedAt = ({ attempts, triedAt }: Waiting): number => triedAt + backOffMs(attempts, rests)
