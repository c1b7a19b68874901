import {
  type FieldError,
  forbiddenField,
  invalidName,
  invalidValue,
  required,
} from '../field-error.ts'
import { labelKeyProblem } from '../label-syntax.ts'
import type { Container } from '../object.ts'
import { ownValue } from '../own-value.ts'
import { compareQuantities, parseQuantity } from '../quantity.ts'

type Amounts = Readonly<Record<string, string>>

const standard = new Set(['cpu', 'memory', 'ephemeral-storage'])
/** Names that are standard in quotas and nodes only. */
const standardElsewhere =
  /^(pods|services|replicationcontrollers|resourcequotas|secrets|configmaps|persistentvolumeclaims|storage|services\.(nodeports|loadbalancers)|(requests|limits)\.(cpu|memory|ephemeral-storage)|requests\.(storage|hugepages-.+))$/
const isHugePages = (name: string): boolean => name.startsWith('hugepages-')
const isNative = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/')
/** Extended resources, which are counted in whole numbers. */
const isExtended = (name: string): boolean => !isNative(name) && !name.startsWith('requests.')
/** Whether the resource may be overcommitted. */
const isOvercommitted = (name: string): boolean => isNative(name) && !isHugePages(name)

/** Validates a container's requests and limits; `field` is their path. */
export function validateRequirements(
  { limits = {}, requests = {} }: NonNullable<Container['resources']>,
  field: string,
): FieldError[] {
  const names = [...Object.keys(limits), ...Object.keys(requests)]
  const isBare = names.some(isHugePages) && !names.some((name) => /^(cpu|memory)$/.test(name))
  return [
    ...amountsErrors(limits, `${field}.limits`),
    ...amountsErrors(requests, `${field}.requests`),
    ...Object.entries(requests).flatMap(([name, request]) =>
      requestErrors(name, request, { limit: ownValue(limits, name), field }),
    ),
    ...(isBare ? [forbiddenField(field, 'HugePages require cpu or memory')] : []),
  ]
}

function amountsErrors(amounts: Amounts, field: string): FieldError[] {
  return Object.entries(amounts).flatMap(([name, quantity]) => {
    const at = `${field}[${name}]`
    return [
      ...resourceNameProblems(name).map((problem) => invalidName(at, name, problem)),
      ...(compareQuantities(quantity, '0') < 0
        ? [invalidValue(at, quantity, 'must be greater than or equal to 0')]
        : []),
      ...(isHugePages(name) && !isMultiple(quantity, name)
        ? [invalidValue(at, quantity, `${quantity} is not positive integer multiple of ${name}`)]
        : []),
      ...(isExtended(name) && parseQuantity(quantity).nanos % 1_000_000_000n !== 0n
        ? [invalidValue(at, quantity, 'must be an integer')]
        : []),
    ]
  })
}

/** Whether an amount of huge pages is a multiple of the page size in the name. */
function isMultiple(quantity: string, name: string): boolean {
  const size = name.slice('hugepages-'.length)
  if (!/^\d+([KMGT]i)?$/.test(size)) return true
  const { nanos } = parseQuantity(quantity)
  return nanos > 0n && nanos % parseQuantity(size).nanos === 0n
}

function resourceNameProblems(name: string): string[] {
  const problem = labelKeyProblem(name)
  if (problem !== '') return [problem]
  if (name.includes('/')) {
    const isKnown = isNative(name) || isExtended(name)
    return isKnown ? [] : ["doesn't follow extended resource name standard"]
  }
  if (standard.has(name) || isHugePages(name)) return []
  return [
    ...(standardElsewhere.test(name)
      ? []
      : ['must be a standard resource type or fully qualified']),
    'must be a standard resource for containers',
  ]
}

function requestErrors(
  name: string,
  request: string,
  { limit, field }: { limit: string | undefined; field: string },
): FieldError[] {
  if (limit === undefined) {
    const detail = 'Limit must be set for non overcommitable resources'
    return isOvercommitted(name) ? [] : [required(`${field}.limits`, detail)]
  }
  const difference = compareQuantities(request, limit)
  if (difference !== 0 && !isOvercommitted(name)) {
    const detail = `must be equal to ${name} limit of ${limit}`
    return [invalidValue(`${field}.requests`, request, detail)]
  }
  if (difference <= 0) return []
  const detail = `must be less than or equal to ${name} limit of ${limit}`
  return [invalidValue(`${field}.requests`, request, detail)]
}
