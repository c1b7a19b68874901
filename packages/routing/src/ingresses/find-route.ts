import { backendsOf, type ClusterBackend } from '../envoy/cluster.ts'
import { matchingHost } from './matching-host.ts'
import { normalPath } from './normal-path.ts'
import type { IngressHosts, PathRule } from './path-rule.ts'

/** The route of a request; `host` is the rule's. */
export type FoundRoute =
  | { outcome: 'NoSuchHost' }
  | { outcome: 'NoSuchPath'; host: string }
  | { outcome: 'Routed'; host: string; rule: PathRule; backends: readonly WeightedBackend[] }

type WeightedBackend = { backend: ClusterBackend; percent: number }

/** Finds the rule that Envoy uses for a request, in the same way: the host first, then the first matching rule. */
export function findRoute(
  hosts: IngressHosts,
  request: { host: string; path: string },
): FoundRoute {
  const name = nameIn(request.host)
  const path = normalPath(request.path)
  const rules = hosts.get(matchingHost((host) => hosts.has(host), name) ?? '')
  if (rules === undefined) return { outcome: 'NoSuchHost' }
  const rule = rules.paths.find((each) => matches(each, path))
  if (rule === undefined) return { outcome: 'NoSuchPath', host: rules.host }
  const backends = backendsOf(rule).map(([backend, percent]) => ({ backend, percent }))
  return { outcome: 'Routed', host: rules.host, rule, backends }
}

/** Whether a normalized path matches the rule. */
export const matches = ({ match, path }: PathRule, asked: string): boolean =>
  path === asked || (match === 'Prefix' && (path === '/' || asked.startsWith(`${path}/`)))

/** A Host header without its port and without the dot of the root. */
export const nameIn = (host: string): string => host.replace(/:\d+$/, '').replace(/\.$/, '')
