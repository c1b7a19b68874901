import {
  type HTTPIngressPath,
  type Ingress,
  type IngressBackend,
  ingressOptions,
  objectKey,
} from '@reckon/kubernetes'
import { normalPath } from './normal-path.ts'
import type { HostRules, PathRule, RouteOrigin } from './path-rule.ts'

export type OwnRules = { hosts: readonly HostRules[]; fallback: PathRule | undefined }

/** The rules of one Ingress, without regard to others. */
export function ownRules(ingress: Ingress): OwnRules {
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

/** Cached by Ingress, because all are visited at every change; the rules stay identical objects. */
const made = new WeakMap<Ingress, OwnRules>()

/** The hosts that it has rules for. */
export const hostsNamedBy = ({ spec: { rules = [] } }: Ingress): readonly string[] =>
  rules.map(({ host }) => hostOf(host))

const originOf = ({ metadata }: Ingress): RouteOrigin => ({
  ingress: objectKey(metadata),
  position: metadata.resourceVersion ?? '',
})

const hostOf = (host: string | undefined): string => (host ? host.toLowerCase() : '*')

type Shared = Pick<PathRule, 'origin' | 'options'>

function pathRules(ingress: Ingress, rule: HTTPIngressPath, common: Shared): PathRule[] {
  const backend = backendOf(ingress, rule.backend)
  const text = rule.path || '/'
  // A request's path never contains a query or fragment, so such a rule matches nothing.
  if (backend === undefined || /[?#]/.test(text)) return []
  const path = normalPath(text)
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
