import type { IngressOptions } from '@reckon/kubernetes'
import { compare } from '../compare.ts'

/** The port of a Service as an Ingress names it: by number or by name. */
export type BackendPort = { namespace: string; service: string; port: number | string }

/** What an Ingress leads to that is no Service: `StorageBucket "icons"`. */
type UnservedBackend = { resource: string }

/** Which Ingress made a route, and the position of the event that made this Ingress so. */
export type RouteOrigin = { ingress: string; position: string }

/** One rule: requests to this path go to that Service. `Prefix` goes by whole path elements. */
export type PathRule = {
  match: 'Exact' | 'Prefix'
  /** As Envoy has that of a request (see `normalPath`). */
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

/**
 * Kubernetes' precedence: the longest match wins, and Exact before Prefix; of equals the first
 * given.
 */
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
