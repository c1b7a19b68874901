import { type FieldError, invalidValue, required } from '../../field-error.ts'
import { oneOf } from '../../field-rules.ts'
import { isIpAddress, labelProblem, portNumberProblem } from '../../name-syntax.ts'
import type { Endpoints } from '../../object.ts'

type Subset = NonNullable<Endpoints['subsets']>[number]
type Address = NonNullable<Subset['addresses']>[number]

/** What is wrong with Endpoints, in the words of upstream's `ValidateEndpoints`. */
export const validateEndpoints = ({ subsets = [] }: Endpoints): FieldError[] =>
  subsets.flatMap((subset, index) => validateSubset(subset, `subsets[${index}]`))

function validateSubset(subset: Subset, field: string): FieldError[] {
  const { addresses = [], notReadyAddresses = [], ports = [] } = subset
  const isEmpty = addresses.length + notReadyAddresses.length === 0
  return [
    ...(isEmpty ? [required(field, 'must specify `addresses` or `notReadyAddresses`')] : []),
    ...addresses.flatMap((each, index) => validateAddress(each, `${field}.addresses[${index}]`)),
    ...notReadyAddresses.flatMap((each, index) =>
      validateAddress(each, `${field}.notReadyAddresses[${index}]`),
    ),
    ...ports.flatMap(({ name, port, protocol }, index) => {
      const at = `${field}.ports[${index}]`
      const nameProblem = name ? labelProblem(name) : ''
      const portProblem = portNumberProblem(port)
      return [
        ...(!name && ports.length > 1 ? [required(`${at}.name`)] : []),
        ...(nameProblem ? [invalidValue(`${at}.name`, name, nameProblem)] : []),
        ...(portProblem ? [invalidValue(`${at}.port`, port ?? 0, portProblem)] : []),
        ...oneOf(`${at}.protocol`, protocol, ['SCTP', 'TCP', 'UDP']),
      ]
    }),
  ]
}

/** Addresses that are not reachable from elsewhere, as in upstream's `ValidateNonSpecialIP`. */
const special: readonly (readonly [RegExp, string])[] = [
  [/^(0\.0\.0\.0|::)$/, 'may not be unspecified (0.0.0.0 or ::)'],
  [/^(127\.|::1$)/, 'may not be in the loopback range (127.0.0.0/8, ::1/128)'],
  [/^(169\.254\.|fe[89ab])/i, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'],
  [
    /^(224\.0\.0\.|ff02:)/i,
    'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)',
  ],
]

function validateAddress({ ip, hostname }: Address, field: string): FieldError[] {
  const hostnameProblem = hostname ? labelProblem(hostname) : ''
  const errors = hostnameProblem
    ? [invalidValue(`${field}.hostname`, hostname, hostnameProblem)]
    : []
  if (!isIpAddress(ip ?? '')) {
    const detail = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'
    return [...errors, invalidValue(`${field}.ip`, ip ?? '', detail)]
  }
  return [
    ...errors,
    ...special.flatMap(([range, detail]) =>
      range.test(ip) ? [invalidValue(`${field}.ip`, ip, detail)] : [],
    ),
  ]
}
