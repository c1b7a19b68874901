import {
  type IngressHosts,
  positionsOf,
  rulesByIngress,
  rulesOfIngresses,
  withEarlierRules,
} from '@reckon/routing'

/** What Envoy rejected: the reason, by the name of the resource. */
export type Refusals = ReadonlyMap<string, string>

/**
 * The Ingresses that are held back: for each, the version that was rejected and the rules in effect instead. For those
 * that were held back earlier, the rules that Envoy last accepted.
 */
export type HeldIngresses = { refused: ReadonlyMap<string, string>; rules: IngressHosts }

/** Remembers what is held back for the next process. */
export type HeldIngressesMemory = {
  read(): Promise<HeldIngresses>
  /** Resolves to whether it was stored; if not, call it again. */
  write(held: HeldIngresses): Promise<boolean>
}

export type EdgeGatePorts = {
  /** Applies what follows from these hosts to Envoy; resolves to what Envoy rejected of it. */
  offer(hosts: IngressHosts): Promise<Refusals>
  /** The names of the resources that follow from the hosts. */
  namesOf(hosts: IngressHosts): ReadonlySet<string>
  /** Called once for each version of an Ingress that Envoy rejects. */
  onRefused(ingress: string, position: string, why: string): unknown
  /** Called when the rejected version is no longer wanted: the message about it does not apply to the next one. */
  onForgotten(ingress: string): unknown
  memory?: HeldIngressesMemory | undefined
}

const none: ReadonlySet<string> = new Set()

/**
 * Lets through what Envoy accepts. If it rejects something, the Ingresses that changed since it last accepted
 * everything are tried by bisection: those that it rejects keep their last accepted rules, and all others are served.
 */
export class EdgeGate {
  readonly #ports: EdgeGatePorts
  /** The rules that Envoy last accepted. */
  #good: IngressHosts | undefined
  /** The version of each Ingress that is held back. */
  readonly #refused = new Map<string, string>()
  /** The Ingresses that are or were held back, as long as they exist. */
  #heldOnce = new Set<string>()
  /** The versions of what the memory contains. */
  #kept = versionsOf({ refused: new Map(), rules: new Map() })
  #isAnother = false
  /** The hosts wanted last, and what was let through of them. */
  #last: { hosts: IngressHosts; through: IngressHosts } | undefined

  constructor(ports: EdgeGatePorts) {
    this.#ports = ports
  }

  /**
   * Another Envoy is served from now on: with the next hosts, everything that the previous one rejected is tried again.
   */
  exchange(): void {
    this.#isAnother = true
  }

  async apply(hosts: IngressHosts): Promise<void> {
    this.#good ??= await this.#recalled()
    if (this.#isAnother) this.#forgetAll()
    const wanted = this.#wanted(hosts)
    const refusals = await this.#ports.offer(wanted)
    if (refusals.size === 0) this.#good = wanted
    else {
      const suspects = this.#suspects(wanted, refusals)
      if (suspects.length === 0) return
      const waiting = new Set(suspects)
      for (const half of halvesOf(suspects)) await this.#try(hosts, half, waiting)
      this.#last = { hosts, through: this.#held(hosts, none) }
      await this.#ports.offer(this.#last.through)
    }
    await this.#keep(this.#good)
  }

  async #recalled(): Promise<IngressHosts> {
    const held = await this.#ports.memory?.read()
    if (held === undefined) return new Map()
    for (const [key, position] of held.refused) this.#refused.set(key, position)
    this.#heldOnce = new Set([...held.refused.keys(), ...positionsOf(held.rules).keys()])
    this.#kept = versionsOf(held)
    return held.rules
  }

  /** An Ingress that was rejected once may be rejected again, so its accepted rules are remembered, too. */
  async #keep(good: IngressHosts): Promise<void> {
    const rules: IngressHosts =
      this.#heldOnce.size === 0
        ? new Map()
        : rulesOfIngresses(good, (key) => this.#heldOnce.has(key))
    this.#heldOnce = new Set([...this.#refused.keys(), ...positionsOf(rules).keys()])
    const held = { refused: this.#refused, rules }
    const versions = versionsOf(held)
    if (versions === this.#kept) return
    if (await this.#ports.memory?.write(held)) this.#kept = versions
  }

  /**
   * Returns the same object for the same hosts: pods change often, and then nothing that follows from hosts is computed
   * again.
   */
  #wanted(hosts: IngressHosts): IngressHosts {
    if (this.#last?.hosts === hosts) return this.#last.through
    if (this.#refused.size > 0) this.#forgetChanged(positionsOf(hosts))
    this.#last = { hosts, through: this.#held(hosts, none) }
    return this.#last.through
  }

  /** A new version of an Ingress is tried again. */
  #forgetChanged(positions: ReadonlyMap<string, string>): void {
    for (const [key, position] of this.#refused) {
      if (positions.get(key) === position) continue
      this.#refused.delete(key)
      this.#ports.onForgotten(key)
    }
  }

  #forgetAll(): void {
    this.#isAnother = false
    this.#last = undefined
    for (const key of this.#refused.keys()) this.#ports.onForgotten(key)
    this.#refused.clear()
  }

  /** Lets these through as well, as far as Envoy accepts them; the others stay as they were. */
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
      this.#heldOnce.add(key)
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

  /** The Ingresses that differ from what Envoy last accepted, and have a resource that it rejected. */
  #suspects(hosts: IngressHosts, refusals: Refusals): readonly string[] {
    const good = positionsOf(this.#good ?? new Map())
    const rules = rulesByIngress(hosts)
    const refused = new Set(refusals.keys())
    return [...positionsOf(hosts)].flatMap(([key, position]) => {
      if (good.get(key) === position) return []
      const names = this.#ports.namesOf(rules.get(key) ?? new Map())
      return names.isDisjointFrom(refused) ? [] : [key]
    })
  }
}

const versionsOf = ({ refused, rules }: HeldIngresses): string =>
  JSON.stringify([[...refused], [...positionsOf(rules)]])

const halvesOf = (keys: readonly string[]): (readonly string[])[] => {
  const middle = Math.ceil(keys.length / 2)
  return [keys.slice(0, middle), keys.slice(middle)].filter(({ length }) => length > 0)
}
