import { compare } from '../compare.ts'
import type { HostRules, IngressHosts } from '../ingresses/path-rule.ts'
import { hasSameElements } from '../same-elements.ts'
import { bodiesUnlimited } from './body-limit.ts'
import { type EnvoyObject, typeUrl } from './envoy-object.ts'
import { ofMoreLabels, ofOneLabel, routes } from './routes.ts'

/**
 * The header that carries a request's scope from the listener's script to the selection of routes; it is not forwarded.
 */
export const scopeHeader = 'x-reckon-scope'
export const scopeCount = 256

/** A virtual host with its routes in matching order. */
export type VirtualHost = {
  name: string
  domains: readonly string[]
  routes: readonly object[]
}

/** The route configuration of some of the hosts. */
export type Scope = EnvoyObject & {
  name: string
  route_configuration: { virtual_hosts: readonly VirtualHost[] }
}

/** The scope of a host. The listener's script computes the same: keep the two loops alike. */
export function scopeOf(host: string): string {
  let hash = 5381
  for (const character of host.toLowerCase()) {
    if (character === ':') break
    hash = (hash * 33 + character.charCodeAt(0)) % 2 ** 32
  }
  return `s${hash % scopeCount}`
}

/**
 * The scoped route configurations by name. Hosts are distributed over scopes by hash, so that a change rebuilds one
 * small scope. Wildcards and the default are in every scope, so that Envoy's precedence of hosts is preserved.
 * Unchanged scopes are identical objects.
 */
export function scopes(
  hosts: IngressHosts,
  tlsPort?: number,
  before: ReadonlyMap<string, Scope> = new Map(),
): ReadonlyMap<string, Scope> {
  const known = made.get(hosts)
  if (known !== undefined) return known
  const found = changedScopes(hosts, tlsPort, before) ?? makeScopes(hosts, tlsPort, before)
  made.set(hosts, found)
  madeOf.set(found, { hosts, tlsPort })
  return found
}

/** Cached by hosts, which change seldom compared with pods. */
const made = new WeakMap<IngressHosts, ReadonlyMap<string, Scope>>()
const madeOf = new WeakMap<
  ReadonlyMap<string, Scope>,
  { hosts: IngressHosts; tlsPort: number | undefined }
>()

/**
 * The previous scopes, with those rebuilt in which a host has changed; undefined where a host that is in all scopes has
 * changed.
 */
function changedScopes(
  hosts: IngressHosts,
  tlsPort: number | undefined,
  before: ReadonlyMap<string, Scope>,
): ReadonlyMap<string, Scope> | undefined {
  const of = madeOf.get(before)
  if (of === undefined || of.tlsPort !== tlsPort) return undefined
  const changed = changedHosts(of.hosts, hosts)
  if (changed.some(isEverywhere)) return undefined
  const found = new Map(before)
  for (const [name, ofScope] of Map.groupBy(changed, scopeOf)) {
    const known = before.get(name)
    const others = (known ? hostsOf(known) : []).filter((host) => !ofScope.includes(host.name))
    const own = others.filter((host) => !isEverywhere(host.name))
    const everywhere = others.filter((host) => isEverywhere(host.name))
    const now = ofScope.flatMap((host) => {
      const rules = hosts.get(host)
      return rules ? [virtualHostOf(rules, undefined, tlsPort).host] : []
    })
    const all = [...byName([...own, ...now]), ...everywhere]
    if (all.length > 0) found.set(name, scope(name, all))
    else found.delete(name)
  }
  const isOneNew = found.keys().some((name) => !before.has(name))
  return isOneNew ? new Map(byName([...found.values()]).map((each) => [each.name, each])) : found
}

/** The hosts whose rules differ, or that only one side has. */
function changedHosts(before: IngressHosts, now: IngressHosts): readonly string[] {
  const changed: string[] = []
  let kept = 0
  for (const [host, rules] of now) {
    const known = before.get(host)
    if (known !== undefined) kept++
    if (known !== rules) changed.push(host)
  }
  if (kept < before.size) changed.push(...[...before.keys()].filter((host) => !now.has(host)))
  return changed
}

const isEverywhere = (host: string): boolean => host.startsWith('*')

const byName = <T extends { name: string }>(all: T[]): T[] =>
  all.sort((one, other) => compare(one.name, other.name))

function makeScopes(
  hosts: IngressHosts,
  tlsPort: number | undefined,
  before: ReadonlyMap<string, Scope>,
): ReadonlyMap<string, Scope> {
  const ofAnyHost = hosts.get('*')
  const everywhere: VirtualHost[] = []
  const spread = new Map<string, VirtualHost[]>()
  for (const rules of hosts.values()) {
    const { host, scope } = virtualHostOf(rules, ofAnyHost, tlsPort)
    const beside = scope === undefined ? everywhere : spread.get(scope)
    if (beside) beside.push(host)
    else if (scope) spread.set(scope, [host])
  }
  const names =
    everywhere.length === 0
      ? [...spread.keys()].sort()
      : Array.from({ length: scopeCount }, (_, index) => `s${index}`)
  return new Map(
    names.map((name) => {
      const all = [...byName(spread.get(name) ?? []), ...everywhere]
      const known = before.get(name)
      return [name, known && hasSameElements(hostsOf(known), all) ? known : scope(name, all)]
    }),
  )
}

const hostsOf = ({ route_configuration }: Scope) => route_configuration.virtual_hosts

const scope = (name: string, virtualHosts: readonly VirtualHost[]): Scope => ({
  '@type': typeUrl('envoy.config.route.v3.ScopedRouteConfiguration'),
  name,
  key: { fragments: [{ string_key: name }] },
  route_configuration: routeConfiguration(name, virtualHosts),
})

/** Routes for these hosts. */
export const routeConfiguration = (name: string, virtualHosts: readonly VirtualHost[]) => ({
  name,
  request_headers_to_remove: [scopeHeader],
  virtual_hosts: virtualHosts,
  ...bodiesUnlimited,
})

/** Cached by rules. */
function virtualHostOf(
  rules: HostRules,
  ofAnyHost: HostRules | undefined,
  tlsPort: number | undefined,
): Made {
  // A host with more labels than the wildcard's one also arrives here, but is handled like an
  // unknown host.
  const beyond = rules.host.startsWith('*.') ? ofAnyHost : undefined
  const known = virtualHosts.get(rules)
  if (known && known.beyond === beyond && known.tlsPort === tlsPort) return known
  const own = rules.paths.flatMap((rule) => routes(rule, ofOneLabel(rules.host), tlsPort))
  const others = (beyond?.paths ?? []).flatMap((rule) =>
    routes(rule, ofMoreLabels(rules.host), tlsPort),
  )
  const host = { name: rules.host, domains: [rules.host], routes: [...own, ...others] }
  const scope = isEverywhere(rules.host) ? undefined : scopeOf(rules.host)
  const made = { host, scope, beyond, tlsPort }
  virtualHosts.set(rules, made)
  return made
}

type Made = {
  host: VirtualHost
  /** Absent where the host is in every scope. */
  scope: string | undefined
  beyond: HostRules | undefined
  tlsPort: number | undefined
}
const virtualHosts = new WeakMap<HostRules, Made>()
