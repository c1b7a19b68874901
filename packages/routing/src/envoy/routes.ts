import type { PathRule } from '../ingresses/path-rule.ts'
import { bodiesUpTo } from './body-limit.ts'
import { backendsOf, clusterName } from './cluster.ts'
import { pathMatcher, rewriteOf } from './path-matcher.ts'
import { redirectOf, tlsRedirectOf } from './redirects.ts'
import { retryPolicy } from './retry-policy.ts'

export type HeaderMatcher = { name: string; [matcher: string]: unknown }

const headerLike = (name: string, regex: string): HeaderMatcher => ({
  name,
  string_match: { safe_regex: { regex } },
})
const notRepeatable = headerLike(':method', 'POST|PATCH')
/** Clients cannot forge this: Envoy overwrites the header. */
const overClear = headerLike('x-forwarded-proto', 'http')

/**
 * A rule as Envoy's routes, in matching order, for the hosts that match. Requests that must not be repeated have a
 * separate route with a stricter retry policy.
 */
export function routes(
  rule: PathRule,
  hostMatchers: readonly HeaderMatcher[],
  tlsPort?: number,
): object[] {
  const { backend, options = {} } = rule
  const route = (action: object, ...more: readonly HeaderMatcher[]) => {
    const all = [...hostMatchers, ...more]
    return {
      match: { ...pathMatcher(rule), ...(all.length > 0 ? { headers: all } : {}) },
      ...action,
      metadata: { filter_metadata: { reckon: rule.origin } },
    }
  }
  const toTls = options.tlsRedirect ? [route({ redirect: tlsRedirectOf(tlsPort) }, overClear)] : []
  if (options.redirect) return [...toTls, route({ redirect: redirectOf(options.redirect) })]
  if ('resource' in backend) return [...toTls, route(unserved(backend.resource))]
  const { bodyBytesMax: bytes } = options
  const limit = bytes === undefined ? {} : bodiesUpTo(bytes)
  const tooLong =
    bytes === undefined ? [] : [route({ direct_response: { status: 413 } }, lengthAbove(bytes))]
  const first = [...toTls, ...tooLong]
  const once = { ...forwarded(rule, 'Once'), ...limit }
  const again = { ...forwarded(rule, 'Repeatable'), ...limit }
  if (options.retries === 0) return [...first, route(again)]
  return [...first, route(once, notRepeatable), route(again)]
}

function forwarded(rule: PathRule, request: 'Once' | 'Repeatable'): object {
  const { requestTimeoutSeconds = 0, idleTimeoutSeconds, retries } = rule.options ?? {}
  return {
    route: {
      ...clustersOf(rule),
      ...rewriteOf(rule),
      // Streams and WebSockets may last; silent ones end by the listener's idle timeout.
      timeout: `${requestTimeoutSeconds}s`,
      ...(idleTimeoutSeconds === undefined ? {} : { idle_timeout: `${idleTimeoutSeconds}s` }),
      ...(retries === 0 ? {} : { retry_policy: retryPolicy(request, retries) }),
    },
  }
}

function clustersOf(rule: PathRule): object {
  const [only, ...others] = backendsOf(rule)
  if (only !== undefined && others.length === 0) return { cluster: clusterName(only[0]) }
  const clusters = backendsOf(rule).map(([backend, weight]) => ({
    name: clusterName(backend),
    weight,
  }))
  return { weighted_clusters: { clusters } }
}

const lengthAbove = (bytes: number): HeaderMatcher => ({
  name: 'content-length',
  range_match: { start: bytes + 1, end: Number.MAX_SAFE_INTEGER },
})

const unserved = (resource: string): object => ({
  direct_response: {
    status: 501,
    body: { inline_string: `this edge leads to Services only, not to ${resource}\n` },
  },
})

/**
 * A Kubernetes wildcard stands for exactly one label, Envoy's for any number: a matcher on each route makes up the
 * difference.
 */
export function ofOneLabel(host: string): readonly HeaderMatcher[] {
  if (!host.startsWith('*.')) return []
  const suffix = host.slice(1).replaceAll('.', '\\.')
  return [headerLike(':authority', `(?i)[^.]+${suffix}`)]
}

/** Matches the hosts of an Envoy wildcard that Kubernetes' wildcard does not match. */
export const ofMoreLabels = (wildcard: string): readonly HeaderMatcher[] =>
  ofOneLabel(wildcard).map((matcher) => ({ ...matcher, invert_match: true }))
