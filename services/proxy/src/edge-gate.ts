import { type IngressHosts, positionsOf, rulesOfIngresses, withEarlierRules } from '@reckon/routing'

/** What Envoy refused: why, by the name of the resource. */
export type Refusals = ReadonlyMap<string, string>

/** The Ingresses that are held back: of each the version that was refused, and the rules with which it goes on. */
export type HeldIngresses = { refused: ReadonlyMap<string, string>; rules: IngressHosts }

/** Keeps what is held back for the next process. */
export type HeldIngressesMemory = {
  read(): Promise<HeldIngresses>
  write(held: HeldIngresses): Promise<void>
}

export type EdgeGatePorts = {
  /** Gives Envoy what follows from the hosts, and answers what of it was refused. */
  offer(hosts: IngressHosts): Promise<Refusals>
  /** The names of what follows from the hosts. */
  namesOf(hosts: IngressHosts): ReadonlySet<string>
  /** Is told once of each version of an Ingress that Envoy refuses. */
  onRefused(ingress: string, position: string, why: string): unknown
  memory?: HeldIngressesMemory | undefined
}

const none: ReadonlySet<string> = new Set()

/**
 * Lets through what Envoy takes. Where it refuses something, the Ingresses that are new since it took all are
 * tried, half by half: those that it refuses stay as they were when it took them last, and all others are served.
 */
export class EdgeGate {
  readonly #ports: EdgeGatePorts
  /** As Envoy took them last. */
  #good: IngressHosts | undefined
  /** The version of each Ingress that is held back. */
  readonly #refused = new Map<string, string>()
  /** The hosts that were wanted last, and what is let through of them. */
  #last: { hosts: IngressHosts; through: IngressHosts } | undefined

  constructor(ports: EdgeGatePorts) {
    this.#ports = ports
  }

  async apply(hosts: IngressHosts): Promise<void> {
    this.#good ??= await this.#recalled()
    const wanted = this.#wanted(hosts)
    const refusals = await this.#ports.offer(wanted)
    if (refusals.size === 0) {
      this.#good = wanted
      return
    }
    const suspects = this.#suspects(wanted, refusals)
    if (suspects.length === 0) return
    const waiting = new Set(suspects)
    for (const half of halvesOf(suspects)) await this.#try(hosts, half, waiting)
    this.#last = { hosts, through: this.#held(hosts, none) }
    await this.#ports.offer(this.#last.through)
    const rules = rulesOfIngresses(this.#good, (key) => this.#refused.has(key))
    await this.#ports.memory?.write({ refused: this.#refused, rules })
  }

  async #recalled(): Promise<IngressHosts> {
    const held = await this.#ports.memory?.read()
    for (const [key, position] of held?.refused ?? []) this.#refused.set(key, position)
    return held?.rules ?? new Map()
  }

  /** Of the same hosts this is the same object: pods change often, and then nothing that follows from hosts is computed again. */
  #wanted(hosts: IngressHosts): IngressHosts {
    if (this.#last?.hosts === hosts) return this.#last.through
    if (this.#refused.size > 0) this.#forgetChanged(positionsOf(hosts))
    this.#last = { hosts, through: this.#held(hosts, none) }
    return this.#last.through
  }

  /** Another version of an Ingress is tried again. */
  #forgetChanged(positions: ReadonlyMap<string, string>): void {
    for (const [key, position] of this.#refused) {
      if (positions.get(key) !== position) this.#refused.delete(key)
    }
  }

  /** Lets these through, too, as far as Envoy takes them; who waits is as it was. */
  async #try(
    hosts: IngressHosts,
    suspects: readonly string[],
    waiting: Set<string>,
  ): Promise<void> {
    for (const key of suspects) waiting.delete(key)
    const tried = this.#held(hosts, waiting)
    const [why] = (await this.#ports.offer(tried)).values()
    if (why === undefined) {
      this.#good = tried
      return
    }
    const [key, ...others] = suspects
    if (key !== undefined && others.length === 0) {
      const position = positionsOf(hosts).get(key) ?? ''
      this.#refused.set(key, position)
      this.#ports.onRefused(key, position, why)
      return
    }
    for (const each of suspects) waiting.add(each)
    for (const half of halvesOf(suspects)) await this.#try(hosts, half, waiting)
  }

  #held(hosts: IngressHosts, others: ReadonlySet<string>): IngressHosts {
    const held = others.union(new Set(this.#refused.keys()))
    return withEarlierRules(hosts, this.#good ?? new Map(), held)
  }

  /** Those that are not as Envoy took them last, and lead to something that it refused. */
  #suspects(hosts: IngressHosts, refusals: Refusals): readonly string[] {
    const good = positionsOf(this.#good ?? new Map())
    const changed = [...positionsOf(hosts)].filter(([key, position]) => good.get(key) !== position)
    return changed.flatMap(([key]) => {
      const names = this.#ports.namesOf(rulesOfIngresses(hosts, (each) => each === key))
      return names.isDisjointFrom(new Set(refusals.keys())) ? [] : [key]
    })
  }
}

const halvesOf = (keys: readonly string[]): (readonly string[])[] => {
  const middle = Math.ceil(keys.length / 2)
  return [keys.slice(0, middle), keys.slice(middle)].filter(({ length }) => length > 0)
}
