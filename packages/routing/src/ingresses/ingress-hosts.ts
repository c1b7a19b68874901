import type { Ingress, IngressClass } from '@reckon/kubernetes'
import { compare } from '../compare.ts'
import { hasSameElements } from '../same-elements.ts'
import { ownRules } from './own-rules.ts'
import { type HostRules, type IngressHosts, inOrder, type PathRule } from './path-rule.ts'
import { servedIngresses } from './served-ingresses.ts'

/**
 * The rules of all Ingresses by host. Where two contradict each other on a path, the older one wins. A request that
 * matches a host but none of its paths goes to the default backend of that host's Ingress, or else of the whole edge.
 * Unchanged parts are identical objects.
 */
export function ingressHosts(
  ingresses: readonly Ingress[],
  classes: readonly IngressClass[],
  before: IngressHosts = new Map(),
): IngressHosts {
  const rules = new Map<string, readonly PathRule[]>()
  const joined = new Map<string, PathRule[]>()
  const addRules = (host: string, paths: readonly PathRule[]) => {
    const [own, several] = [rules.get(host), joined.get(host)]
    if (own === undefined) rules.set(host, paths)
    else if (several) several.push(...paths)
    // Most hosts have a single Ingress: a list is made only for the others.
    else {
      const both = [...own, ...paths]
      joined.set(host, both)
      rules.set(host, both)
    }
  }
  const fallbacks = new Map<string, PathRule>()
  let lastResort: PathRule | undefined
  for (const ingress of servedIngresses(ingresses, classes)) {
    const { hosts, fallback } = ownRules(ingress)
    for (const { host, paths } of hosts) {
      addRules(host, paths)
      if (fallback && !fallbacks.has(host)) fallbacks.set(host, fallback)
    }
    lastResort ??= fallback
  }
  if (lastResort) addRules('*', [])

  const found = new Map<string, HostRules>()
  for (const host of inOrderOf(rules, before)) {
    const own = rules.get(host) ?? []
    const fallback = fallbacks.get(host) ?? lastResort
    const paths = inOrder(fallback ? [...own, fallback] : own)
    const known = before.get(host)
    if (paths.length > 0)
      found.set(host, known && hasSameElements(known.paths, paths) ? known : { host, paths })
  }
  return found
}

/** Sorts the hosts by name; the previous ones are already sorted. */
function inOrderOf(
  rules: ReadonlyMap<string, unknown>,
  before: ReadonlyMap<string, unknown>,
): string[] {
  const known = [...before.keys()].filter((host) => rules.has(host))
  const added = [...rules.keys()].filter((host) => !before.has(host)).sort(compare)
  // Sorting merges two sorted runs in one pass.
  return added.length === 0 ? known : [...known, ...added].sort(compare)
}
