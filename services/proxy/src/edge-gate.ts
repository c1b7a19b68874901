import { type IngressHosts, positionsOf, rulesOfIngresses, withEarlierRules } from '@reckon/routing'

/** What Envoy refused: why, by the name of the resource. */
export type Refusals = ReadonlyMap<string, string>

export type EdgeGatePorts = {
  /** Gives Envoy what follows from the hosts, and answers what of it was refused. */
  offer(hosts: IngressHosts): Promise<Refusals>
  /** The names of what follows from the hosts. */
  namesOf(hosts: IngressHosts): ReadonlySet<string>
  /** Is told once of each version of an Ingress that Envoy refuses. */
  onRefused(ingress: string, position: string, why: string): unknown
}

/**
 * Lets through what Envoy takes. Where it refuses something, the Ingresses that are new since it took all are
 * tried one by one: those that it refuses stay as they were when it took them last, and all others are served.
 */
export class EdgeGate {
  readonly #ports: EdgeGatePorts
  /** As Envoy took them last. */
  #good: IngressHosts = new Map()
  /** The version of each Ingress that is held back. */
  readonly #refused = new Map<string, string>()

  constructor(ports: EdgeGatePorts) {
    this.#ports = ports
  }

  async apply(hosts: IngressHosts): Promise<void> {
    const positions = positionsOf(hosts)
    for (const [key, position] of this.#refused) {
      if (positions.get(key) !== position) this.#refused.delete(key)
    }
    const wanted = this.#held(hosts, new Set())
    const refusals = await this.#ports.offer(wanted)
    if (refusals.size === 0) {
      this.#good = wanted
      return
    }
    const suspects = this.#suspects(wanted, refusals)
    const waiting = new Set(suspects)
    for (const key of suspects) {
      waiting.delete(key)
      const tried = this.#held(hosts, waiting)
      const why = (await this.#ports.offer(tried)).values().next().value
      if (why === undefined) this.#good = tried
      else {
        const position = positions.get(key) ?? ''
        this.#refused.set(key, position)
        this.#ports.onRefused(key, position, why)
      }
    }
    if (suspects.length > 0) await this.#ports.offer(this.#held(hosts, waiting))
  }

  #held(hosts: IngressHosts, others: ReadonlySet<string>): IngressHosts {
    return withEarlierRules(hosts, this.#good, others.union(new Set(this.#refused.keys())))
  }

  /** Those that are not as Envoy took them last, and lead to something that it refused. */
  #suspects(hosts: IngressHosts, refusals: Refusals): readonly string[] {
    const good = positionsOf(this.#good)
    return [...positionsOf(hosts)].flatMap(([key, position]) => {
      if (good.get(key) === position) return []
      const names = this.#ports.namesOf(rulesOfIngresses(hosts, (each) => each === key))
      return [...names].some((name) => refusals.has(name)) ? [key] : []
    })
  }
}
