import { Alarm, type Bus, type Clock, type Logger, MalformedMessages } from '@reckon/eventing/bus'
import { type EndpointSlice, endpointSlices } from '@reckon/kubernetes'
import { parseLowestApplied, sharedApplied, understood } from '@reckon/node-plane'
import type { ObjectCache } from '../node/object-cache.ts'

const waitMsMax = 2_000
/** After this long without news, the applied position is unknown. */
const silentMsMax = 3_000
/** Envoy's workers apply what its main thread has acknowledged a moment later, without reporting it. */
const workersMs = 50

/**
 * Knows when no proxy routes new connections to a terminating pod: from the position at which the pod left its last
 * EndpointSlice, and the position that all live proxies have applied, which the apis publish.
 */
export class EndpointsGone {
  readonly #clock: Clock
  readonly #known: ObjectCache
  /** For each pod of this node that left a slice: the wire's position then. */
  readonly #leftAt = new Map<string, bigint>()
  readonly #malformed: MalformedMessages
  /** `lowest` is undefined where there is no live proxy. */
  #applied: { lowest: bigint | undefined; heardAtMs: number } | undefined
  readonly #alarm: Alarm

  constructor(ports: { clock: Clock; log: Logger }, known: ObjectCache) {
    this.#clock = ports.clock
    this.#alarm = new Alarm(ports.clock)
    this.#known = known
    this.#malformed = new MalformedMessages(ports.log)
    known.onEachChange(endpointSlices, ({ before, after, position }) => {
      const left = podsOf(before?.object).difference(podsOf(after?.object))
      // Only pods of this node are of interest.
      for (const uid of left.size === 0 ? [] : this.#podsHere()) {
        if (left.has(uid)) this.#leftAt.set(uid, position)
      }
      this.#alarm.ring()
    })
  }

  /** Subscribes to the apis; returns the function that ends it. */
  listen(bus: Bus): () => void {
    return bus.subscribe(sharedApplied, (message) => {
      const parse = (data: Uint8Array) => ({ lowest: parseLowestApplied(data) })
      const applied = understood(this.#malformed, message, parse)
      if (applied === undefined) return
      this.#applied = { ...applied, heardAtMs: this.#clock.now() }
      this.#alarm.ring()
    })
  }

  /**
   * Resolves when every live proxy has stopped routing to the pod and its Envoy has had a moment to switch, or after 2
   * s.
   */
  async wait(podUid: string, signal: AbortSignal): Promise<void> {
    const untilMs = this.#clock.now() + waitMsMax
    for (;;) {
      const rings = this.#alarm.rings
      if (this.#isGone(podUid) || this.#clock.now() >= untilMs || signal.aborted) break
      await this.#alarm.wait(rings, { untilMs, signal })
    }
    const hasLeft = this.#leftAt.has(podUid) && this.#applied?.lowest !== undefined
    if (hasLeft && this.#isGone(podUid)) await this.#clock.sleep(workersMs, signal)
  }

  /** Forgets a pod. */
  forget(podUid: string): void {
    this.#leftAt.delete(podUid)
  }

  /** The number of pods remembered. */
  get size(): number {
    return this.#leftAt.size
  }

  #podsHere(): readonly string[] {
    return this.#known.pods().flatMap(({ object }) => object.metadata.uid ?? [])
  }

  #isGone(podUid: string): boolean {
    if (this.#known.endpointSlices().some((slice) => podsOf(slice).has(podUid))) return false
    const leftAt = this.#leftAt.get(podUid)
    if (leftAt === undefined) return true
    if (this.#applied === undefined) return false
    const { lowest, heardAtMs } = this.#applied
    if (this.#clock.now() - heardAtMs > silentMsMax) return false
    return lowest === undefined || lowest >= leftAt
  }
}

/** The pods that a slice routes new connections to. */
function podsOf(slice: EndpointSlice | undefined): ReadonlySet<string> {
  const leading = (slice?.endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false)
  return new Set(leading.flatMap(({ targetRef }) => targetRef?.uid ?? []))
}
