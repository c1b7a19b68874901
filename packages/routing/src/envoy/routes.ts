import type { PathRule } from '../ingress-hosts.ts'
import { clusterName } from './cluster.ts'
import { typeUrl } from './envoy-object.ts'

type HeaderMatcher = { name: string; string_match: { safe_regex: { regex: string } } }

const notRepeatable: HeaderMatcher = {
  name: ':method',
  string_match: { safe_regex: { regex: 'POST|PATCH' } },
}

/**
 * A rule as Envoy's routes, in the order in which they are tried. A request that may not be
 * repeated has a route of its own: it is retried only while no pod can have seen it.
 */
export function routes(rule: PathRule, host: string): object[] {
  const headers = hostMatchers(host)
  const unseen = 'connect-failure,refused-stream,reset-before-request'
  return [route(rule, [...headers, notRepeatable], unseen), route(rule, headers, `${unseen},reset`)]
}

function route(rule: PathRule, headers: readonly HeaderMatcher[], retryOn: string): object {
  return {
    match: { ...pathMatcher(rule), ...(headers.length > 0 ? { headers } : {}) },
    route: {
      cluster: clusterName(rule.backend),
      // Streams and web sockets last; a silent one ends by the listener's idle timeout.
      timeout: '0s',
      retry_policy: {
        retry_on: retryOn,
        num_retries: 3,
        retry_back_off: { base_interval: '0.005s', max_interval: '0.05s' },
        host_selection_retry_max_attempts: 3,
        retry_host_predicate: [
          {
            name: 'envoy.retry_host_predicates.previous_hosts',
            typed_config: {
              '@type': typeUrl(
                'envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate',
              ),
            },
          },
        ],
      },
    },
    metadata: { filter_metadata: { reckon: rule.origin } },
  }
}

function pathMatcher({ match, path }: PathRule): object {
  if (match === 'Exact') return { path }
  return path === '/' ? { prefix: '/' } : { path_separated_prefix: path }
}

/**
 * Kubernetes' wildcard stands for exactly one label, Envoy's for any number: a matcher on each
 * route makes up the difference.
 */
function hostMatchers(host: string): HeaderMatcher[] {
  if (!host.startsWith('*.')) return []
  const suffix = host.slice(1).replaceAll('.', '\\.')
  return [{ name: ':authority', string_match: { safe_regex: { regex: `(?i)[^.]+${suffix}` } } }]
}
