import { type FieldError, invalidValue, required } from '../field-error.ts'
import { isIpAddress, searchProblem } from '../name-syntax.ts'
import type { PodSpec } from '../object.ts'

const nameserversMax = 3
const searchesMax = 32

/** Validates a pod's DNS policy and configuration; `field` is the pod's spec. */
export function validateDns({ dnsPolicy, dnsConfig }: PodSpec, field: string): FieldError[] {
  const at = `${field}.dnsConfig`
  const { nameservers = [], searches = [], options = [] } = dnsConfig ?? {}
  return [
    ...(dnsPolicy === 'None' ? validateNone(dnsConfig, at) : []),
    ...atMost(nameserversMax, nameservers, { field: `${at}.nameservers`, what: 'nameservers' }),
    ...nameservers.flatMap((server, index) =>
      isIpAddress(server)
        ? []
        : [invalidValue(`${at}.nameservers[${index}]`, server, validAddress)],
    ),
    ...atMost(searchesMax, searches, { field: `${at}.searches`, what: 'search paths' }),
    ...searches.flatMap((search, index) => {
      // A trailing dot is allowed.
      const problem = search === '.' ? '' : searchProblem(search.replace(/\.$/, ''))
      return problem ? [invalidValue(`${at}.searches[${index}]`, search, problem)] : []
    }),
    ...options.flatMap(({ name }, index) =>
      name ? [] : [required(`${at}.options[${index}]`, 'must not be empty')],
    ),
  ]
}

const validAddress = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'

/** With the policy `None`, the pod must name a server itself. */
function validateNone(config: PodSpec['dnsConfig'], at: string): FieldError[] {
  if (!config) return [required(at, 'must provide `dnsConfig` when `dnsPolicy` is None')]
  if (config.nameservers?.length) return []
  const detail = 'must provide at least one DNS nameserver when `dnsPolicy` is None'
  return [required(`${at}.nameservers`, detail)]
}

function atMost(
  most: number,
  list: readonly string[],
  { field, what }: { field: string; what: string },
): FieldError[] {
  return list.length <= most
    ? []
    : [invalidValue(field, list, `must not have more than ${most} ${what}`)]
}
