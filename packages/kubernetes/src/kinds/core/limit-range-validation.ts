import { type FieldError, forbiddenField, invalidValue, required } from '../../field-error.ts'
import { duplicates } from '../../field-rules.ts'
import { labelKeyProblem } from '../../label-syntax.ts'
import type { LimitRange, LimitRangeItem } from '../../object.ts'
import { compareQuantities, parseQuantity } from '../../quantity.ts'

const types = ['Container', 'Pod', 'PersistentVolumeClaim']

/** What is wrong with a LimitRange, in the words of upstream's `ValidateLimitRange`. */
export function validateLimitRange({ spec }: LimitRange): FieldError[] {
  const limits = spec?.limits ?? []
  return [
    ...duplicates(
      limits.map(({ type }) => type),
      (index) => `spec.limits[${index}].type`,
    ),
    ...limits.flatMap((item, index) => validateItem(item, `spec.limits[${index}]`)),
  ]
}

type Bounds = Pick<
  LimitRangeItem,
  'min' | 'max' | 'default' | 'defaultRequest' | 'maxLimitRequestRatio'
>

const bounds = ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const

function validateItem(item: LimitRangeItem, field: string): FieldError[] {
  const names = new Set(bounds.flatMap((bound) => Object.keys(item[bound] ?? {})))
  const isPod = item.type === 'Pod'
  const ofPod = (['default', 'defaultRequest'] as const).flatMap((bound) =>
    isPod && Object.keys(item[bound] ?? {}).length > 0
      ? [forbiddenField(`${field}.${bound}`, "may not be specified when `type` is 'Pod'")]
      : [],
  )
  const isStorage = item.type === 'PersistentVolumeClaim'
  const needsStorage = isStorage && !item.min?.storage && !item.max?.storage
  return [
    ...typeErrors(item.type, `${field}.type`),
    ...bounds.flatMap((bound) => nameErrors(item, bound, field)),
    ...ofPod,
    ...(needsStorage
      ? [
          required(
            `${field}.limits`,
            'either minimum or maximum storage value is required, but neither was provided',
          ),
        ]
      : []),
    ...[...names].flatMap((name) => orderErrors(item, name, field)),
  ]
}

function typeErrors(type: string, field: string): FieldError[] {
  const problem = labelKeyProblem(type ?? '')
  if (problem) return [invalidValue(field, type ?? '', problem)]
  if (type.includes('/') || types.includes(type)) return []
  return [invalidValue(field, type, 'must be a standard limit type or fully qualified')]
}

const standard = /^(cpu|memory|storage|ephemeral-storage|hugepages-.+)$/

function nameErrors(item: LimitRangeItem, bound: keyof Bounds, field: string): FieldError[] {
  return Object.keys(item[bound] ?? {}).flatMap((name) => {
    const at = `${field}.${bound}[${name}]`
    const problem = labelKeyProblem(name)
    if (problem) return [invalidValue(at, name, problem)]
    if (name.includes('/') || standard.test(name)) return []
    const what = item.type === 'Container' ? 'for containers' : 'type or fully qualified'
    return [invalidValue(at, name, `must be a standard resource ${what}`)]
  })
}

/** Pairs of amounts of which the first may not exceed the second, with their names in messages. */
const orders = [
  ['min', 'max', 'min', 'min value', 'max value'],
  ['min', 'defaultRequest', 'defaultRequest', 'min value', 'default request value'],
  ['defaultRequest', 'max', 'defaultRequest', 'default request value', 'max value'],
  ['defaultRequest', 'default', 'defaultRequest', 'default request value', 'default limit value'],
  ['min', 'default', 'default', 'min value', 'default value'],
  ['default', 'max', 'default', 'default value', 'max value'],
] as const

function orderErrors(item: LimitRangeItem, name: string, field: string): FieldError[] {
  const errors = orders.flatMap(([lower, upper, at, lowerName, upperName]) => {
    const [least, most] = [item[lower]?.[name], item[upper]?.[name]]
    if (least === undefined || most === undefined || compareQuantities(least, most) <= 0) return []
    const detail = `${lowerName} ${least} is greater than ${upperName} ${most}`
    return [invalidValue(`${field}.${at}[${name}]`, item[at]?.[name], detail)]
  })
  return [...errors, ...ratioErrors(item, name, field), ...overcommitErrors(item, name, field)]
}

function ratioErrors({ min, max, maxLimitRequestRatio }: Bounds, name: string, field: string) {
  const ratio = maxLimitRequestRatio?.[name]
  if (ratio === undefined) return []
  const at = `${field}.maxLimitRequestRatio[${name}]`
  const errors: FieldError[] = []
  if (compareQuantities(ratio, '1') < 0) {
    errors.push(invalidValue(at, ratio, `ratio ${ratio} is less than 1`))
  }
  const [least, most] = [min?.[name], max?.[name]]
  if (least === undefined || most === undefined) return errors
  const possible = nanosOf(most) / nanosOf(least)
  if (nanosOf(ratio) / 1e9 > possible) {
    const detail = `ratio ${ratio} is greater than max/min = ${possible.toFixed(6)}`
    errors.push(invalidValue(at, ratio, detail))
  }
  return errors
}

const nanosOf = (quantity: string): number => Number(parseQuantity(quantity).nanos)

/** Devices and huge pages cannot be overcommitted. */
function overcommitErrors(item: LimitRangeItem, name: string, field: string): FieldError[] {
  const isOvercommitAllowed = !name.includes('/') && !name.startsWith('hugepages-')
  const [limit, request] = [item.default?.[name], item.defaultRequest?.[name]]
  if (isOvercommitAllowed || !limit || !request || compareQuantities(limit, request) === 0) {
    return []
  }
  const detail = `default value ${limit} must equal to defaultRequest value ${request} in ${name}`
  return [invalidValue(`${field}.defaultRequest[${name}]`, request, detail)]
}
