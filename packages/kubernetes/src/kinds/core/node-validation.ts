import { cidrProblem } from '../../cidr.ts'
import { duplicate, type FieldError, invalidValue, required } from '../../field-error.ts'
import { duplicates, oneOf } from '../../field-rules.ts'
import { labelKeyProblem, labelValueProblem } from '../../label-syntax.ts'
import { isIpAddress } from '../../name-syntax.ts'
import type { NodeSpec, NodeStatus } from '../../object.ts'
import { compareQuantities } from '../../quantity.ts'
import { conditionErrors, textErrors } from './status-rules.ts'

/** What is wrong with a Node's spec, beyond its schema. After upstream's ValidateNode; of ranges, IPv4 only. */
export function validateNodeSpec(spec: NodeSpec): FieldError[] {
  const { podCIDR, podCIDRs = [] } = spec
  const isOther = podCIDRs.length > 0 && podCIDRs[0] !== podCIDR
  return [
    ...taintErrors(spec),
    ...podCIDRs.flatMap((cidr, index) => {
      const problem = cidrProblem(cidr)
      return problem ? [invalidValue(`spec.podCIDRs[${index}]`, cidr, problem)] : []
    }),
    ...(isOther
      ? [invalidValue('spec.podCIDRs[0]', podCIDRs[0], 'must be equal to `podCIDR`')]
      : []),
  ]
}

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

function taintErrors({ taints = [] }: NodeSpec): FieldError[] {
  const seen = new Set<string>()
  return taints.flatMap((taint, index) => {
    // Upstream's path of taints.
    const at = `metadata.taints[${index}]`
    const { key = '', value = '', effect } = taint
    const keyProblem = labelKeyProblem(key)
    const valueProblem = labelValueProblem(value)
    const id = `${effect}/${key}`
    const isRepeated = seen.has(id)
    seen.add(id)
    return [
      ...(keyProblem ? [invalidValue(`${at}.key`, key, keyProblem)] : []),
      ...(valueProblem ? [invalidValue(`${at}.value`, value, valueProblem)] : []),
      ...(effect ? oneOf(`${at}.effect`, effect, effects) : [required(`${at}.effect`)]),
      ...(isRepeated ? [duplicate(at, taint)] : []),
    ]
  })
}

const addressTypes = ['Hostname', 'InternalIP', 'ExternalIP', 'InternalDNS', 'ExternalDNS']
const addressesMax = 100
const imagesMax = 1_000

/** What is wrong with a Node's status, beyond its schema, and bounded. */
export function validateNodeStatus(status: NodeStatus): FieldError[] {
  const { addresses = [], images = [] } = status
  const sizes = [
    ['status.addresses', addresses.length, addressesMax],
    ['status.images', images.length, imagesMax],
  ] as const
  return [
    ...sizes.flatMap(([field, length, max]) =>
      length > max ? [invalidValue(field, length, `must have at most ${max} items`)] : [],
    ),
    ...duplicates(
      addresses.map(({ type, address }) => `${type} ${address}`),
      (index) => `status.addresses[${index}]`,
    ),
    // Either may be absent in a status.
    ...addresses.flatMap(({ type = '', address = '' }, index) => {
      const field = `status.addresses[${index}]`
      const isBad = type.endsWith('IP') && !isIpAddress(address)
      return [
        ...oneOf(`${field}.type`, type, addressTypes),
        ...(isBad ? [invalidValue(`${field}.address`, address, 'must be a valid IP address')] : []),
        ...textErrors(`${field}.address`, address),
      ]
    }),
    ...validateAmounts(status),
    ...conditionErrors(status.conditions),
  ]
}

/** Validates a Node's capacity and allocatable resources. */
export const validateAmounts = ({ capacity = {}, allocatable = {} }: NodeStatus): FieldError[] => [
  ...amountErrors('status.capacity', capacity),
  ...amountErrors('status.allocatable', allocatable),
]

const amountErrors = (field: string, amounts: Readonly<Record<string, string>>): FieldError[] =>
  Object.entries(amounts)
    .filter(([, amount]) => compareQuantities(amount, 0) < 0)
    .map(([name, amount]) =>
      invalidValue(`${field}.${name}`, amount, 'must be greater than or equal to 0'),
    )
