import {
  duplicate,
  type FieldError,
  invalidValue,
  notSupported,
  required,
  tooMany,
} from '../../field-error.ts'
import { nonNegative, oneOf } from '../../field-rules.ts'
import type { Job } from '../../object.ts'
import { indexCount, indexRanges } from './completion-indexes.ts'

type Spec = Job['spec']
type FailureRule = NonNullable<Spec['podFailurePolicy']>['rules'][number]

const rulesMax = 20
const exitCodesMax = 255
const actions = ['Count', 'FailIndex', 'FailJob', 'Ignore']
const operators = ['In', 'NotIn']
const statuses = ['False', 'True', 'Unknown']

/** Validates a Job's pod failure policy, by upstream's rules. */
export function validateFailurePolicy(spec: Spec): FieldError[] {
  const { podFailurePolicy: policy, template } = spec
  if (policy === undefined) return []
  const { restartPolicy } = template?.spec ?? {}
  const detail = 'only "Never" is supported when podFailurePolicy is specified'
  const at = 'spec.podFailurePolicy.rules'
  const rules = policy.rules ?? []
  return [
    ...(restartPolicy === 'Never'
      ? []
      : [invalidValue('spec.template.spec.restartPolicy', restartPolicy, detail)]),
    ...(rules.length > rulesMax ? [tooMany(at, rules.length, rulesMax)] : []),
    ...rules.flatMap((rule, index) => validateFailureRule(spec, rule, `${at}[${index}]`)),
  ]
}

function validateFailureRule(spec: Spec, rule: FailureRule, at: string): FieldError[] {
  const { action, onExitCodes, onPodConditions = [] } = rule
  const either = 'specifying one of OnExitCodes and OnPodConditions is required'
  const both = 'specifying both OnExitCodes and OnPodConditions is not supported'
  const isFailIndexAlone = action === 'FailIndex' && spec.backoffLimitPerIndex === undefined
  const hasConditions = onPodConditions.length > 0
  return [
    ...(action ? [] : [required(`${at}.action`, `valid values: ${JSON.stringify(actions)}`)]),
    ...oneOf(`${at}.action`, action, actions),
    ...(isFailIndexAlone
      ? [invalidValue(`${at}.action`, action, 'requires the backoffLimitPerIndex to be set')]
      : []),
    ...(onExitCodes ? validateExitCodes(spec, onExitCodes, `${at}.onExitCodes`) : []),
    ...(onPodConditions.length > rulesMax
      ? [tooMany(`${at}.onPodConditions`, onPodConditions.length, rulesMax)]
      : []),
    ...onPodConditions.flatMap(({ type, status }, index) => [
      ...(type ? [] : [required(`${at}.onPodConditions[${index}].type`)]),
      ...(status ? [] : [required(`${at}.onPodConditions[${index}].status`)]),
      ...oneOf(`${at}.onPodConditions[${index}].status`, status, statuses),
    ]),
    ...(onExitCodes && hasConditions ? [invalidValue(at, rule, both)] : []),
    ...(onExitCodes || hasConditions ? [] : [invalidValue(at, rule, either)]),
  ]
}

function validateExitCodes(
  { template }: Spec,
  { operator, values = [], containerName }: NonNullable<FailureRule['onExitCodes']>,
  at: string,
): FieldError[] {
  const { containers = [], initContainers = [] } = template?.spec ?? {}
  const names = [...containers, ...initContainers].map(({ name }) => name)
  const named = 'must be one of the container or initContainer names in the pod template'
  return [
    ...(operator ? [] : [required(`${at}.operator`, `valid values: ${JSON.stringify(operators)}`)]),
    ...oneOf(`${at}.operator`, operator, operators),
    ...(containerName === undefined || names.includes(containerName)
      ? []
      : [invalidValue(`${at}.containerName`, containerName, named)]),
    ...validateCodes(values, operator, `${at}.values`),
  ]
}

function validateCodes(values: readonly number[], operator: string, at: string): FieldError[] {
  if (values.length === 0) return [invalidValue(at, values, 'at least one value is required')]
  if (values.length > exitCodesMax) return [tooMany(at, values.length, exitCodesMax)]
  const isOrdered = values.every((value, index) => index === 0 || value >= (values[index - 1] ?? 0))
  return [
    ...values.flatMap((value, index) => [
      ...(operator === 'In' && value === 0
        ? [invalidValue(`${at}[${index}]`, value, 'must not be 0 for the In operator')]
        : []),
      ...(values.indexOf(value) < index ? [duplicate(`${at}[${index}]`, value)] : []),
    ]),
    ...(isOrdered ? [] : [invalidValue(at, values, 'must be ordered')]),
  ]
}

/** Validates the backoff limits per index. */
export function validatePerIndex(spec: Spec): FieldError[] {
  const { backoffLimitPerIndex, maxFailedIndexes, completionMode, completions } = spec
  const given = { backoffLimitPerIndex, maxFailedIndexes }
  const isIndexed = completionMode === 'Indexed'
  return [
    ...nonNegative('spec.backoffLimitPerIndex', backoffLimitPerIndex),
    ...nonNegative('spec.maxFailedIndexes', maxFailedIndexes),
    ...(maxFailedIndexes !== undefined && backoffLimitPerIndex === undefined
      ? [required('spec.backoffLimitPerIndex', 'when maxFailedIndexes is specified')]
      : []),
    ...(isIndexed && (maxFailedIndexes ?? 0) > (completions ?? 0)
      ? [
          invalidValue(
            'spec.maxFailedIndexes',
            maxFailedIndexes,
            'must be less than or equal to completions',
          ),
        ]
      : []),
    ...Object.entries(given).flatMap(([name, value]) =>
      isIndexed || value === undefined
        ? []
        : [invalidValue(`spec.${name}`, value, 'requires indexed completion mode')],
    ),
  ]
}

/** Validates a Job's success policy, by upstream's rules. */
export function validateSuccessPolicy(spec: Spec): FieldError[] {
  const { successPolicy: policy, completionMode, completions = 0 } = spec
  if (policy === undefined) return []
  if (completionMode !== 'Indexed') {
    return [invalidValue('spec.successPolicy', policy, 'requires indexed completion mode')]
  }
  const at = 'spec.successPolicy.rules'
  const rules = policy.rules ?? []
  const none = 'at least one rules must be specified when the successPolicy is specified'
  if (rules.length === 0) return [required(at, none)]
  if (rules.length > rulesMax) return [tooMany(at, rules.length, rulesMax)]
  return rules.flatMap((rule, index) => validateSuccessRule(rule, completions, `${at}[${index}]`))
}

function validateSuccessRule(
  { succeededIndexes, succeededCount }: NonNullable<Spec['successPolicy']>['rules'][number],
  completions: number,
  at: string,
): FieldError[] {
  if (succeededIndexes === undefined && succeededCount === undefined) {
    return [required(at, 'at least one of succeededCount or succeededIndexes must be specified')]
  }
  const count = `${at}.succeededCount`
  const mostOf = (most: number, what: string) =>
    succeededCount !== undefined && succeededCount > most
      ? [invalidValue(count, succeededCount, `must be less than or equal to ${most} (${what})`)]
      : []
  const errors = [
    ...nonNegative(count, succeededCount),
    ...mostOf(completions, 'the number of specified completions'),
  ]
  if (succeededIndexes === undefined) return errors
  const parsed = indexRanges(succeededIndexes, completions)
  if ('problem' in parsed) {
    const detail = `error parsing succeededIndexes: ${parsed.problem}`
    return [...errors, invalidValue(`${at}.succeededIndexes`, succeededIndexes, detail)]
  }
  const most = indexCount(parsed.ranges)
  const what = 'the number of indexes in the specified succeededIndexes field'
  return [...errors, ...mostOf(most, what)]
}

/** Validates the replacement policy: with a pod failure policy, only failed pods are replaced. */
export function validateReplacement({
  podReplacementPolicy,
  podFailurePolicy,
}: Spec): FieldError[] {
  const field = 'spec.podReplacementPolicy'
  if (podReplacementPolicy === undefined) return []
  if (podFailurePolicy === undefined) {
    return oneOf(field, podReplacementPolicy, ['Failed', 'TerminatingOrFailed'])
  }
  if (podReplacementPolicy === 'Failed') return []
  return [notSupported(field, podReplacementPolicy, ['Failed'])]
}
