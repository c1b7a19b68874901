import {
  type HTTPIngressPath,
  type Ingress,
  type IngressBackend,
  type IngressClass,
  type IngressOptions,
  ingressClassController,
  ingressOptions,
  objectKey,
} from '@reckon/kubernetes'
import { hasSameElements } from './same-elements.ts'

/** The port of a Service as an Ingress names it: by number or by name. */
export type BackendPort = { namespace: string; service: string; port: number | string }

/** What an Ingress leads to that is no Service: `StorageBucket "icons"`. */
type UnservedBackend = { resource: string }

/** Which Ingress made a route, and the position of the event that made this Ingress so. */
type RouteOrigin = { ingress: string; position: string }

/** One rule: requests to this path go to that Service. `Prefix` goes by whole path elements. */
export type PathRule = {
  match: 'Exact' | 'Prefix'
  /** As a request has it: what is not ASCII is percent-encoded. */
  path: string
  backend: BackendPort | UnservedBackend
  origin: RouteOrigin
  options?: IngressOptions
}

/**
 * The rules of one host in the order in which they are tried; the last resort is a `Prefix` of `/`.
 */
export type HostRules = { host: string; paths: readonly PathRule[] }

/** `*` is every host that no other rule names. */
export type IngressHosts = ReadonlyMap<string, HostRules>

const legacyClassAnnotation = 'kubernetes.io/ingress.class'

/**
 * The rules of all Ingresses, host by host. Where two say different things about the same path the
 * older one wins. A request that matches a host and none of its paths goes to the default backend:
 * of that host's Ingress, else of the whole edge. What is as it was before is the same object.
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
    // Most hosts are one Ingress' alone: only of others a list is made.
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

/** The hosts by name. Those that were there before are in order already. */
function inOrderOf(
  rules: ReadonlyMap<string, unknown>,
  before: ReadonlyMap<string, unknown>,
): string[] {
  const known = [...before.keys()].filter((host) => rules.has(host))
  const added = [...rules.keys()].filter((host) => !before.has(host)).sort(compare)
  // A sort takes two ordered runs together in one walk.
  return added.length === 0 ? known : [...known, ...added].sort(compare)
}

/** Those that are this edge's to serve, the oldest first. */
export const servedIngresses = (
  ingresses: readonly Ingress[],
  classes: readonly IngressClass[],
): readonly Ingress[] => ingresses.filter((ingress) => isServed(ingress, classes)).sort(byAge)

/** The hosts with the rules of some Ingresses only. A host that keeps all of its rules is the same object. */
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

/** By Ingress, the hosts with its rules only. */
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
 * The hosts with the rules of these Ingresses as they were earlier, where they had any. A host whose rules are those that
 * it has now, or had earlier, is that same object.
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

/** Of which position the rules of each Ingress are, by its key. */
export const positionsOf = (hosts: IngressHosts): ReadonlyMap<string, string> =>
  new Map(
    [...hosts.values()].flatMap(({ paths }) =>
      paths.map(({ origin }) => [origin.ingress, origin.position] as const),
    ),
  )

/**
 * An Ingress is left alone only if its class exists and is another controller's: a manifest that
 * names a class nobody has defined here was written for another cluster's edge, and this cluster
 * has one edge.
 */
function isServed(ingress: Ingress, classes: readonly IngressClass[]): boolean {
  const name =
    ingress.spec.ingressClassName ?? ingress.metadata.annotations?.[legacyClassAnnotation]
  const controller = classes.find((candidate) => candidate.metadata.name === name)?.spec.controller
  return controller === undefined || controller === ingressClassController
}

type Shared = Pick<PathRule, 'origin' | 'options'>

function pathRules(ingress: Ingress, rule: HTTPIngressPath, common: Shared): PathRule[] {
  const backend = backendOf(ingress, rule.backend)
  const text = rule.path || '/'
  // A path never holds a query or a fragment, so such a rule matches nothing.
  if (backend === undefined || /[?#]/.test(text)) return []
  const path = text.replace(/[^\x21-\x7e]+/g, encodeURIComponent)
  const shared = { backend, ...common }
  return rule.pathType === 'Exact'
    ? [{ match: 'Exact', path, ...shared }]
    : [{ match: 'Prefix', path: path.replace(/\/+$/, '') || '/', ...shared }]
}

function defaultRule(
  ingress: Ingress,
  defaultBackend: IngressBackend,
  shared: Shared,
): PathRule | undefined {
  const backend = backendOf(ingress, defaultBackend)
  return backend && { match: 'Prefix', path: '/', backend, ...shared }
}

function backendOf(
  ingress: Ingress,
  { service, resource }: IngressBackend,
): PathRule['backend'] | undefined {
  if (resource !== undefined) return { resource: `${resource.kind} "${resource.name}"` }
  const port = service?.port?.number || service?.port?.name
  if (service === undefined || port === undefined) return undefined
  return { namespace: ingress.metadata.namespace ?? '', service: service.name, port }
}

/**
 * Kubernetes' precedence: the longest match wins, and Exact before Prefix; of equals the first
 * given.
 */
function inOrder(paths: readonly PathRule[]): readonly PathRule[] {
  if (paths.length < 2) return paths
  const unique = new Map<string, PathRule>()
  for (const rule of paths) {
    const key = `${rule.match} ${rule.path}`
    if (!unique.has(key)) unique.set(key, rule)
  }
  const rank = ({ match }: PathRule) => (match === 'Exact' ? 0 : 1)
  return [...unique.values()].sort(
    (a, b) => rank(a) - rank(b) || b.path.length - a.path.length || compare(a.path, b.path),
  )
}

type OwnRules = { hosts: readonly HostRules[]; fallback: PathRule | undefined }

/** What one Ingress says by itself. */
function ownRules(ingress: Ingress): OwnRules {
  const known = made.get(ingress)
  if (known !== undefined) return known
  const shared = { origin: originOf(ingress), options: ingressOptions(ingress).options }
  const { defaultBackend, rules = [] } = ingress.spec
  const own = {
    hosts: rules.map(({ host, http }) => ({
      host: hostOf(host),
      paths: (http?.paths ?? []).flatMap((path) => pathRules(ingress, path, shared)),
    })),
    fallback: defaultBackend && defaultRule(ingress, defaultBackend, shared),
  }
  made.set(ingress, own)
  return own
}

/** All Ingresses are gone through whenever one changes: each is read once, and its rules stay the same objects. */
const made = new WeakMap<Ingress, OwnRules>()

const originOf = ({ metadata }: Ingress): RouteOrigin => ({
  ingress: objectKey(metadata),
  position: metadata.resourceVersion ?? '',
})

const hostOf = (host: string | undefined): string => (host ? host.toLowerCase() : '*')

function byAge(a: Ingress, b: Ingress): number {
  const age = (ingress: Ingress) => ingress.metadata.creationTimestamp ?? ''
  return compare(age(a), age(b)) || compare(objectKey(a.metadata), objectKey(b.metadata))
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
