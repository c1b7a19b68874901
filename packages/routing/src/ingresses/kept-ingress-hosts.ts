import { type Ingress, type IngressClass, objectKey } from '@reckon/kubernetes'
import { compare } from '../compare.ts'
import { ingressHosts } from './ingress-hosts.ts'
import { hostsNamedBy } from './own-rules.ts'
import type { HostRules, IngressHosts } from './path-rule.ts'

/**
 * Maintains the result of `ingressHosts` while Ingresses change one by one: only hosts that a change concerns are
 * recomputed. If that throws, it is tried again at the next call.
 */
export class KeptIngressHosts {
  readonly #ingresses = new Map<string, Ingress>()
  /** The hosts that each Ingress names, by its key, and the inverse. */
  readonly #named = new Map<string, readonly string[]>()
  readonly #naming = new Map<string, Set<string>>()
  /** Ingresses with a default backend, which may concern any host. */
  readonly #withDefault = new Set<string>()
  readonly #changed = new Set<string>()
  /** The hosts to recompute. */
  readonly #doubtful = new Set<string>()
  #areAllDoubtful = true
  #classes: readonly IngressClass[] = []
  #hosts: IngressHosts = new Map()

  get all(): readonly Ingress[] {
    return [...this.#ingresses.values()]
  }

  set classes(classes: readonly IngressClass[]) {
    this.#classes = classes
    this.#areAllDoubtful = true
  }

  put(ingress: Ingress): void {
    const key = objectKey(ingress.metadata)
    this.#ingresses.set(key, ingress)
    this.#changed.add(key)
  }

  remove(key: string): void {
    if (this.#ingresses.delete(key)) this.#changed.add(key)
  }

  /** Returns the same object while nothing changes, and the same rules for unaffected hosts. */
  hosts(): IngressHosts {
    for (const key of this.#changed) this.#note(key)
    if (this.#areAllDoubtful) this.#hosts = ingressHosts(this.all, this.#classes, this.#hosts)
    else if (this.#doubtful.size > 0) this.#hosts = this.#withDoubtful()
    this.#areAllDoubtful = false
    this.#doubtful.clear()
    return this.#hosts
  }

  #note(key: string): void {
    const ingress = this.#ingresses.get(key)
    const named = ingress === undefined ? [] : hostsNamedBy(ingress)
    if (ingress?.spec.defaultBackend || this.#withDefault.has(key)) this.#areAllDoubtful = true
    if (ingress?.spec.defaultBackend) this.#withDefault.add(key)
    else this.#withDefault.delete(key)
    for (const host of this.#named.get(key) ?? []) {
      this.#doubtful.add(host)
      const naming = this.#naming.get(host)
      naming?.delete(key)
      if (naming?.size === 0) this.#naming.delete(host)
    }
    for (const host of named) {
      this.#doubtful.add(host)
      const naming = this.#naming.get(host) ?? new Set()
      this.#naming.set(host, naming.add(key))
    }
    if (ingress === undefined) this.#named.delete(key)
    else this.#named.set(key, named)
    this.#changed.delete(key)
  }

  #withDoubtful(): IngressHosts {
    const concerned = new Set(this.#withDefault)
    const before = new Map<string, HostRules>()
    for (const host of this.#doubtful) {
      for (const key of this.#naming.get(host) ?? []) concerned.add(key)
      const rules = this.#hosts.get(host)
      if (rules) before.set(host, rules)
    }
    const ingresses = [...concerned].flatMap((key) => this.#ingresses.get(key) ?? [])
    const found = ingressHosts(ingresses, this.#classes, before)
    return withRules(this.#hosts, this.#doubtful, found)
  }
}

/** Merges the recomputed hosts, by name, in one pass, because there may be thousands. */
function withRules(
  hosts: IngressHosts,
  doubtful: ReadonlySet<string>,
  found: IngressHosts,
): IngressHosts {
  const added = [...doubtful].filter((host) => !hosts.has(host) && found.has(host)).sort(compare)
  const all = new Map<string, HostRules>()
  const add = (host: string, rules = found.get(host)) => rules && all.set(host, rules)
  for (const [host, rules] of hosts) {
    while (added[0] !== undefined && compare(added[0], host) < 0) add(added.shift() ?? '')
    add(host, doubtful.has(host) ? found.get(host) : rules)
  }
  for (const host of added) add(host)
  return all
}
