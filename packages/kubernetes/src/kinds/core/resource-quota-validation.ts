import {
  type FieldError,
  invalidName,
  invalidValue,
  notSupported,
  required,
} from '../../field-error.ts'
import { immutable } from '../../field-rules.ts'
import { labelKeyProblem } from '../../label-syntax.ts'
import type { ResourceQuota, ScopeRequirement } from '../../object.ts'
import { compareQuantities, parseQuantity } from '../../quantity.ts'

const ofPods = /^(pods|((requests|limits)\.)?(cpu|memory))$/
/** Resources that are counted in whole numbers. */
const counted =
  /^(pods|services|replicationcontrollers|resourcequotas|secrets|configmaps|persistentvolumeclaims|services\.(nodeports|loadbalancers)|count\/.+)$/
const standard =
  /^(pods|services|replicationcontrollers|resourcequotas|secrets|configmaps|persistentvolumeclaims|services\.(nodeports|loadbalancers)|((requests|limits)\.)?(cpu|memory|ephemeral-storage)|requests\.storage|(requests\.)?hugepages-.+)$/
const scopeNames = [
  'BestEffort',
  'CrossNamespacePodAffinity',
  'NotBestEffort',
  'NotTerminating',
  'PriorityClass',
  'Terminating',
  'VolumeAttributesClass',
]
const contradictory = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
] as const

/** What is wrong with a ResourceQuota, in the words of upstream's `ValidateResourceQuota`. */
export function validateQuota(quota: ResourceQuota): FieldError[] {
  const { hard = {}, scopes, scopeSelector } = quota.spec ?? {}
  return [
    ...amountsErrors(hard, 'spec.hard'),
    ...scopesErrors(scopes, { hard, field: 'spec.scopes' }),
    ...selectorErrors(scopeSelector?.matchExpressions, hard),
    ...validateQuotaStatus(quota),
  ]
}

/** What is wrong with what is counted, in the words of upstream's `ValidateResourceQuotaStatusUpdate`. */
export const validateQuotaStatus = ({ status }: ResourceQuota): FieldError[] => [
  ...amountsErrors(status?.hard ?? {}, 'status.hard'),
  ...amountsErrors(status?.used ?? {}, 'status.used'),
]

/** A quota's scopes are immutable. */
export const validateQuotaUpdate = (
  { spec: after }: ResourceQuota,
  { spec: before }: ResourceQuota,
): FieldError[] => [
  ...immutable('spec.scopes', after?.scopes, before?.scopes),
  ...immutable('spec.scopeSelector', after?.scopeSelector, before?.scopeSelector),
]

type Amounts = Readonly<Record<string, string>>

const unknown = [
  'must be a standard resource type or fully qualified',
  'must be a standard resource for quota',
]

function amountsErrors(amounts: Amounts, field: string): FieldError[] {
  return Object.entries(amounts).flatMap(([name, amount]) => {
    const at = `${field}[${name}]`
    const problem = labelKeyProblem(name)
    if (problem !== '') return [invalidValue(at, name, problem)]
    const isKnown = name.includes('/') || standard.test(name)
    const isNegative = compareQuantities(amount, '0') < 0
    const isBroken = counted.test(name) && parseQuantity(amount).nanos % 1_000_000_000n !== 0n
    return [
      ...(isKnown ? [] : unknown.map((detail) => invalidName(at, name, detail))),
      ...(isNegative ? [invalidValue(at, amount, 'must be greater than or equal to 0')] : []),
      ...(isBroken ? [invalidValue(at, amount, 'must be an integer')] : []),
    ]
  })
}

function scopesErrors(
  scopes: readonly string[] | undefined,
  { hard, field }: { hard: Amounts; field: string },
): FieldError[] {
  if (scopes === undefined) return []
  const has = new Set(scopes)
  const isContradictory = contradictory.some((pair) => pair.every((scope) => has.has(scope)))
  return [
    ...scopes.flatMap((scope) => [
      ...(scopeNames.includes(scope) ? [] : [invalidValue(field, scope, 'unsupported scope')]),
      ...(isFor(scope, hard)
        ? []
        : [invalidValue(field, scopes, 'unsupported scope applied to resource')]),
    ]),
    ...(isContradictory ? [invalidValue(field, scopes, 'conflicting scopes')] : []),
  ]
}

/** Whether a scope applies to all resources of the quota; most apply to pods only. */
function isFor(scope: string, hard: Amounts): boolean {
  if (scope === 'VolumeAttributesClass') return true
  const suits = scope === 'BestEffort' ? /^pods$/ : ofPods
  return Object.keys(hard).every((name) => !standard.test(name) || suits.test(name))
}

const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist']

function selectorErrors(
  expressions: readonly ScopeRequirement[] | undefined,
  hard: Amounts,
): FieldError[] {
  if (expressions === undefined) return []
  const field = 'spec.scopeSelector.matchExpressions'
  const scopes = expressions.map(({ scopeName }) => scopeName)
  return [
    ...scopesErrors(scopes, { hard, field }),
    ...expressions.flatMap((expression) => expressionErrors(expression, field)),
  ]
}

function expressionErrors(
  { scopeName, operator, values = [] }: ScopeRequirement,
  field: string,
): FieldError[] {
  if (!operators.includes(operator)) {
    return [notSupported(`${field}.operator`, operator, operators)]
  }
  const needsValues = operator === 'In' || operator === 'NotIn'
  const isPlain = scopeName !== 'PriorityClass' && scopeName !== 'VolumeAttributesClass'
  if (isPlain && operator !== 'Exists') {
    const detail =
      "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity"
    return [invalidValue(`${field}.operator`, operator, detail)]
  }
  if (needsValues && values.length === 0) {
    const detail =
      "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"
    return [required(`${field}.values`, detail)]
  }
  if (!needsValues && values.length > 0) {
    const detail =
      "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector"
    return [invalidValue(`${field}.values`, values, detail)]
  }
  return []
}
