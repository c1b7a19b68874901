import type { IngressOptions } from '@reckon/kubernetes'
import { compare } from '../compare.ts'

/** A Service port as an Ingress names it, by number or by name. */
export type BackendPort = { namespace: string; service: string; port: number | string }

/** A backend that is not a Service: `StorageBucket "icons"`. */
type UnservedBackend = { resource: string }

/** The Ingress behind a route, and the position of its last change. */
export type RouteOrigin = { ingress: string; position: string }

/** A rule: requests to this path go to that Service. `Prefix` matches whole path elements. */
export type PathRule = {
  match: 'Exact' | 'Prefix'
  /** Normalized as a request's path is (see `normalPath`). */
  path: string
  backend: BackendPort | UnservedBackend
  origin: RouteOrigin
  options?: IngressOptions
}

/** The rules of a host in matching order; the last resort is a `Prefix` of `/`. */
export type HostRules = { host: string; paths: readonly PathRule[] }

/** `*` stands for every host that no other rule names. */
export type IngressHosts = ReadonlyMap<string, HostRules>

/** Sorts by Kubernetes' precedence: the longest match first, Exact before Prefix; equal ones keep their order. */
export function inOrder(paths: readonly PathRule[]): readonly PathRule[] {
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
