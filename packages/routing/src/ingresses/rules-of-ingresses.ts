import { hasSameElements } from '../same-elements.ts'
import { type HostRules, type IngressHosts, inOrder } from './path-rule.ts'

/** The hosts with the rules of some Ingresses only. A host that keeps all its rules is the identical object. */
export const rulesOfIngresses = (
  hosts: IngressHosts,
  isWanted: (ingress: string) => boolean,
): IngressHosts =>
  new Map(
    [...hosts]
      .map(([host, rules]): [string, HostRules] => {
        const paths = rules.paths.filter(({ origin }) => isWanted(origin.ingress))
        return [host, paths.length === rules.paths.length ? rules : { host, paths }]
      })
      .filter(([, { paths }]) => paths.length > 0),
  )

/** For each Ingress, the hosts with its rules only. */
export function rulesByIngress(hosts: IngressHosts): ReadonlyMap<string, IngressHosts> {
  const found = new Map<string, Map<string, HostRules>>()
  for (const { host, paths } of hosts.values()) {
    for (const [ingress, own] of Map.groupBy(paths, ({ origin }) => origin.ingress)) {
      const known = found.get(ingress) ?? new Map<string, HostRules>()
      found.set(ingress, known.set(host, { host, paths: own }))
    }
  }
  return found
}

/**
 * The hosts with the earlier rules of these Ingresses, where they had any. Hosts with unchanged rules, current or
 * earlier, are identical objects.
 */
export function withEarlierRules(
  hosts: IngressHosts,
  earlier: IngressHosts,
  ingresses: ReadonlySet<string>,
): IngressHosts {
  if (ingresses.size === 0) return hosts
  const merged = new Map(rulesOfIngresses(hosts, (key) => !ingresses.has(key)))
  for (const [host, { paths }] of rulesOfIngresses(earlier, (key) => ingresses.has(key))) {
    const others = merged.get(host)?.paths ?? []
    merged.set(host, { host, paths: inOrder([...others, ...paths]) })
  }
  const knownOr = (rules: HostRules): HostRules =>
    [hosts.get(rules.host), earlier.get(rules.host)].find(
      (known) => known && hasSameElements(known.paths, rules.paths),
    ) ?? rules
  return new Map([...merged].map(([host, rules]) => [host, knownOr(rules)]))
}

/** The position of each Ingress' rules, by its key. */
export const positionsOf = (hosts: IngressHosts): ReadonlyMap<string, string> =>
  new Map(
    [...hosts.values()].flatMap(({ paths }) =>
      paths.map(({ origin }) => [origin.ingress, origin.position] as const),
    ),
  )
