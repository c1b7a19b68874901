import {
  type HTTPIngressPath,
  type Ingress,
  type IngressBackend,
  type IngressClass,
  type IngressOptions,
  ingressOptions,
  objectKey,
} from '@reckon/kubernetes'

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

/** The controller whose IngressClasses this edge serves. */
const ingressController = 'reckon.dev/envoy'
const legacyClassAnnotation = 'kubernetes.io/ingress.class'

/**
 * The rules of all Ingresses, host by host. Where two say different things about the same path the
 * older one wins. A request that matches a host and none of its paths goes to the default backend:
 * of that host's Ingress, else of the whole edge.
 */
export function ingressHosts(
  ingresses: readonly Ingress[],
  classes: readonly IngressClass[],
): IngressHosts {
  const served = servedIngresses(ingresses, classes)
  const rules = new Map<string, PathRule[]>()
  const rulesOf = (host: string): PathRule[] => {
    const known = rules.get(host) ?? []
    rules.set(host, known)
    return known
  }
  for (const ingress of served) {
    for (const rule of ingress.spec.rules ?? []) {
      const own = rulesOf(hostOf(rule.host))
      for (const path of rule.http?.paths ?? []) own.push(...pathRules(ingress, path))
    }
  }
  const defaults = served.flatMap((ingress) => {
    const fallback = defaultRule(ingress)
    return fallback
      ? [{ fallback, hosts: (ingress.spec.rules ?? []).map(({ host }) => hostOf(host)) }]
      : []
  })
  if (defaults.length > 0) rulesOf('*')

  const hosts = [...rules].map(([host, paths]): [string, HostRules] => {
    const own = defaults.find(({ hosts }) => hosts.includes(host)) ?? defaults[0]
    return [host, { host, paths: inOrder(own ? [...paths, own.fallback] : paths) }]
  })
  return new Map(
    hosts.filter(([, { paths }]) => paths.length > 0).sort(([a], [b]) => compare(a, b)),
  )
}

/** Those that are this edge's to serve, the oldest first. */
export const servedIngresses = (
  ingresses: readonly Ingress[],
  classes: readonly IngressClass[],
): readonly Ingress[] => ingresses.filter((ingress) => isServed(ingress, classes)).sort(byAge)

/** The hosts with the rules of some Ingresses only. */
export const rulesOfIngresses = (
  hosts: IngressHosts,
  isWanted: (ingress: string) => boolean,
): IngressHosts =>
  new Map(
    [...hosts]
      .map(([host, rules]): [string, HostRules] => {
        const paths = rules.paths.filter(({ origin }) => isWanted(origin.ingress))
        return [host, { ...rules, paths }]
      })
      .filter(([, { paths }]) => paths.length > 0),
  )

/** The hosts with the rules of these Ingresses as they were earlier, where they had any. */
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
  return merged
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
  return controller === undefined || controller === ingressController
}

function pathRules(ingress: Ingress, rule: HTTPIngressPath): PathRule[] {
  const backend = backendOf(ingress, rule.backend)
  const text = rule.path || '/'
  // A path never holds a query or a fragment, so such a rule matches nothing.
  if (backend === undefined || /[?#]/.test(text)) return []
  const path = text.replace(/[^\x21-\x7e]+/g, encodeURIComponent)
  const shared = { backend, ...sharedBy(ingress) }
  return rule.pathType === 'Exact'
    ? [{ match: 'Exact', path, ...shared }]
    : [{ match: 'Prefix', path: path.replace(/\/+$/, '') || '/', ...shared }]
}

function defaultRule(ingress: Ingress): PathRule | undefined {
  const backend = ingress.spec.defaultBackend && backendOf(ingress, ingress.spec.defaultBackend)
  return backend && { match: 'Prefix', path: '/', backend, ...sharedBy(ingress) }
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
function inOrder(paths: readonly PathRule[]): PathRule[] {
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

/** What all rules of an Ingress have in common. */
function sharedBy(ingress: Ingress): Pick<PathRule, 'origin' | 'options'> {
  const known = shared.get(ingress)
  if (known !== undefined) return known
  const made = { origin: originOf(ingress), options: ingressOptions(ingress).options }
  shared.set(ingress, made)
  return made
}

/** All Ingresses are gone through whenever one changes: the annotations of each are read once. */
const shared = new WeakMap<Ingress, Pick<PathRule, 'origin' | 'options'>>()

const originOf = ({ metadata }: Ingress): RouteOrigin => ({
  ingress: objectKey(metadata),
  position: metadata.resourceVersion ?? '',
})

const hostOf = (host: string | undefined): string => (host ? host.toLowerCase() : '*')

function byAge(a: Ingress, b: Ingress): number {
  const age = (ingress: Ingress) => ingress.metadata.creationTimestamp ?? ''
  const name = (ingress: Ingress) => originOf(ingress).ingress
  return compare(age(a), age(b)) || compare(name(a), name(b))
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
