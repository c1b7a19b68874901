import { backOffMs } from '@reckon/eventing'
import { prioritySort, type QueuedPod } from '@reckon/scheduling'
import TinyQueue from 'tinyqueue'
import { ParkedSorts, type Parking } from './parked-sorts.ts'

const rests = { minMs: 1_000, maxMs: 10_000 }
/** The back-off between attempts that are each recorded although they may never succeed. */
const longRests = { minMs: 1_000, maxMs: 300_000 }
/** A parked pod is retried after this time even without an event that may help. */
const parkedMsMax = 60_000

/** The queue of a pod; `tried` pods were taken out and not put back. */
type QueueName = 'active' | 'backoff' | 'unschedulable' | 'tried'

type Waiting = QueuedPod & {
  readonly uid: string
  queue: QueueName
  attempts: number
  /** When it was first taken out. */
  firstTriedAtMs: number | undefined
  triedAtMs: number
  /** When it is due, unless active. Heap entries with another time are outdated. */
  dueAtMs: number
}

type Due = { readonly waiting: Waiting; readonly atMs: number }

/**
 * The pods that wait for a node, by uid. Active ones are tried by priority and arrival; after an attempt a pod backs
 * off for 1 s, 2 s, … 10 s; a pod that fits nowhere is parked until an event that may help its sort. As
 * kube-scheduler's queues; operations take logarithmic time.
 */
export class SchedulingQueue {
  readonly #pods = new Map<string, Waiting>()
  readonly #active = new TinyQueue<Waiting>([], prioritySort.compare)
  readonly #due = new TinyQueue<Due>([], (a, b) => a.atMs - b.atMs)
  readonly #sorts = new ParkedSorts()
  readonly #counts: Record<QueueName, number> = {
    active: 0,
    backoff: 0,
    unschedulable: 0,
    tried: 0,
  }
  #arrivals = 0

  /** Adds a pod that is new, or that changed so that it may fit now. */
  add(uid: string, priority = 0): void {
    const known = this.#pods.get(uid)
    if (known?.queue === 'active' && known.priority === priority) return
    const { attempts = 0, triedAtMs = 0, firstTriedAtMs } = known ?? {}
    if (known) this.remove(uid)
    this.#arrivals += 1
    const queue = 'tried'
    const waiting: Waiting = {
      ...{ uid, priority, arrival: this.#arrivals },
      ...{ queue, attempts, firstTriedAtMs, triedAtMs, dueAtMs: 0 },
    }
    this.#pods.set(uid, waiting)
    this.#counts.tried += 1
    this.#activate(waiting)
  }

  /** Lets the pod be tried again, after its back-off. */
  again(uid: string): void {
    const waiting = this.#pods.get(uid)
    if (waiting === undefined || waiting.queue === 'active') return
    if (waiting.queue === 'backoff' && waiting.dueAtMs <= restedAt(waiting)) return
    this.#send(this.#sorts.leave(uid))
    this.#rest(waiting)
  }

  /** Removes a pod that needs no node any more. */
  remove(uid: string): void {
    const waiting = this.#pods.get(uid)
    if (waiting === undefined) return
    this.#pods.delete(uid)
    this.#counts[waiting.queue] -= 1
    waiting.queue = 'tried'
    this.#send(this.#sorts.leave(uid))
  }

  /** Takes out the next pod to try, and counts the attempt; undefined when none is due. */
  pop(nowMs: number): string | undefined {
    this.#activateDue(nowMs)
    const waiting = this.#firstActive()
    if (waiting === undefined) return undefined
    this.#active.pop()
    this.#move(waiting, 'tried')
    waiting.attempts += 1
    waiting.firstTriedAtMs ??= nowMs
    return waiting.uid
  }

  /** The number of attempts. */
  attemptsOf(uid: string): number {
    return this.#pods.get(uid)?.attempts ?? 0
  }

  /** The time of the first attempt; undefined before that. */
  firstTriedAtMs(uid: string): number | undefined {
    return this.#pods.get(uid)?.firstTriedAtMs
  }

  /** A node was found for the pod, so others of its sort are tried as well. */
  placed(uid: string): void {
    this.#send(this.#sorts.leave(uid))
  }

  /** Parks a pod: no node fits it or others of its sort at present. */
  park(uid: string, nowMs: number, parking: Parking): void {
    const waiting = this.#tried(uid, nowMs)
    if (waiting === undefined) return
    this.#move(waiting, 'unschedulable')
    this.#dueAt(waiting, nowMs + parkedMsMax)
    for (const next of this.#sorts.park(uid, parking)) this.#send(next)
  }

  /** The pod could not be bound for a reason that is not its own. */
  backOff(uid: string, nowMs: number): void {
    const waiting = this.#tried(uid, nowMs)
    if (waiting !== undefined) this.#rest(waiting)
  }

  /** What the pod waited for on its node did not arrive and may never: it is retried after 1 s, 2 s, … five minutes. */
  restLong(uid: string, nowMs: number): void {
    const waiting = this.#tried(uid, nowMs)
    if (waiting !== undefined) this.#rest(waiting, nowMs + backOffMs(waiting.attempts, longRests))
  }

  /**
   * The victims of a parked pod do not leave: without an event that may help, it is retried after 1 s, 2 s, … five
   * minutes.
   */
  tryRarely(uid: string, nowMs: number): void {
    const waiting = this.#pods.get(uid)
    if (waiting?.queue === 'tried') this.backOff(uid, nowMs)
    if (waiting?.queue !== 'unschedulable') return
    this.#dueAt(waiting, nowMs + backOffMs(waiting.attempts, longRests))
  }

  /**
   * An event may have removed rejections by these plugins (or any): one pod of each sort that it helps is retried after
   * its back-off.
   */
  wake(plugins?: readonly string[], isHelped: (parking: Parking) => boolean = () => true): void {
    for (const uid of this.#sorts.wake(plugins, isHelped)) this.#send(uid)
  }

  /** The number of waiting pods, under kube-scheduler's names of its queues. */
  get counts(): Record<'active' | 'backoff' | 'unschedulable', number> {
    const { active, backoff, unschedulable } = this.#counts
    return { active, backoff, unschedulable }
  }

  /** Whether there is anybody to wake. */
  get hasParked(): boolean {
    return !this.#sorts.isEmpty
  }

  /** The number of parked pods that each plugin rejects on some node. */
  get rejections(): ReadonlyMap<string, number> {
    return this.#sorts.counts
  }

  /** When the next pod is due, in milliseconds; undefined when none waits. */
  get nextAtMs(): number | undefined {
    return this.#firstActive() ? 0 : this.#firstDue()?.atMs
  }

  #send(uid: string | undefined): void {
    const waiting = this.#pods.get(uid ?? '')
    if (waiting?.queue === 'unschedulable') this.#rest(waiting)
  }

  #rest(waiting: Waiting, dueAtMs = restedAt(waiting)): void {
    this.#move(waiting, 'backoff')
    this.#dueAt(waiting, dueAtMs)
  }

  #activateDue(nowMs: number): void {
    for (;;) {
      const first = this.#firstDue()
      if (first === undefined || first.atMs > nowMs) return
      this.#due.pop()
      this.#activate(first.waiting)
    }
  }

  #activate(waiting: Waiting): void {
    this.#move(waiting, 'active')
    this.#active.push(waiting)
  }

  #firstActive(): Waiting | undefined {
    for (;;) {
      const first = this.#active.peek()
      if (first === undefined || first.queue === 'active') return first
      this.#active.pop()
    }
  }

  #firstDue(): Due | undefined {
    for (;;) {
      const first = this.#due.peek()
      if (first === undefined) return undefined
      const { queue, dueAtMs } = first.waiting
      if ((queue === 'backoff' || queue === 'unschedulable') && dueAtMs === first.atMs) return first
      this.#due.pop()
    }
  }

  #dueAt(waiting: Waiting, atMs: number): void {
    waiting.dueAtMs = atMs
    this.#due.push({ waiting, atMs })
  }

  #move(waiting: Waiting, queue: QueueName): void {
    this.#counts[waiting.queue] -= 1
    this.#counts[queue] += 1
    waiting.queue = queue
  }

  #tried(uid: string, nowMs: number): Waiting | undefined {
    const waiting = this.#pods.get(uid)
    if (waiting !== undefined) waiting.triedAtMs = nowMs
    return waiting
  }
}

const restedAt = ({ attempts, triedAtMs }: Waiting): number =>
  triedAtMs + backOffMs(attempts, rests)
