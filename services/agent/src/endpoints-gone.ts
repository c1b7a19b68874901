import { Alarm, type Bus, type Clock } from '@reckon/eventing'
import type { EndpointSlice } from '@reckon/kubernetes'
import { everyApplied } from '@reckon/node-plane'
import type { KnownObjects } from './known-objects.ts'

const waitMsMax = 2_000
/** A proxy that was not heard for so long is not waited for. */
const proxySilentMs = 3_000

/**
 * Knows when no proxy leads anything new to a terminating pod: the position at which the pod left its last
 * EndpointSlice, and the position up to which each proxy has applied its wire.
 */
export class EndpointsGone {
  readonly #clock: Clock
  readonly #known: KnownObjects
  /** By pod, for those that left a slice: where the wire was then. */
  readonly #leftAt = new Map<string, bigint>()
  readonly #applied = new Map<string, { position: bigint; heardAtMs: number }>()
  readonly #alarm: Alarm

  constructor(ports: { clock: Clock }, known: KnownObjects) {
    this.#clock = ports.clock
    this.#alarm = new Alarm(ports.clock)
    this.#known = known
    known.onEachChange(({ resource, before, after, position }) => {
      if (resource !== 'endpointslices.discovery.k8s.io') return
      const here = podsOf(after?.object as EndpointSlice | undefined)
      for (const uid of podsOf(before?.object as EndpointSlice | undefined)) {
        if (!here.has(uid)) this.#leftAt.set(uid, position)
      }
      this.#alarm.ring()
    })
  }

  /** Listens to the proxies; returns how to end it. */
  listen(bus: Bus): () => void {
    return bus.subscribe(everyApplied, ({ subject, data }) => {
      // Other nodes are not trusted: what is no position says nothing.
      const [, position] = /"position":\s*"(\d+)"/.exec(new TextDecoder().decode(data)) ?? []
      if (position === undefined) return
      this.#applied.set(subject, { position: BigInt(position), heardAtMs: this.#clock.now() })
      this.#alarm.ring()
    })
  }

  /** Resolves when every proxy that is heard has let go of the pod, or after 2 s. */
  async wait(podUid: string, signal: AbortSignal): Promise<void> {
    const untilMs = this.#clock.now() + waitMsMax
    for (;;) {
      const rings = this.#alarm.rings
      if (this.#isGone(podUid) || this.#clock.now() >= untilMs || signal.aborted) break
      await this.#alarm.wait(rings, { untilMs, signal })
    }
  }

  /** The pod is no more. */
  forget(podUid: string): void {
    this.#leftAt.delete(podUid)
  }

  #isGone(podUid: string): boolean {
    if (this.#known.endpointSlices().some((slice) => podsOf(slice).has(podUid))) return false
    const leftAt = this.#leftAt.get(podUid)
    if (leftAt === undefined) return true
    const nowMs = this.#clock.now()
    return [...this.#applied.values()].every(
      (proxy) => proxy.position >= leftAt || nowMs - proxy.heardAtMs > proxySilentMs,
    )
  }
}

/** The pods to which the slice leads new connections. */
function podsOf(slice: EndpointSlice | undefined): ReadonlySet<string> {
  const leading = (slice?.endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false)
  return new Set(leading.flatMap(({ targetRef }) => targetRef?.uid ?? []))
}
