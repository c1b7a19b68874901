import { type FieldError, forbiddenField, invalidValue, required } from '../field-error.ts'
import { labelKeyProblems } from '../label-syntax.ts'
import type { Affinity } from '../object.ts'
import { validateLabelSelector } from '../selecting/selector-validation.ts'

type NodeTerm = NonNullable<
  NonNullable<Affinity['nodeAffinity']>['requiredDuringSchedulingIgnoredDuringExecution']
>['nodeSelectorTerms'][number]
type PodTerm = NonNullable<
  NonNullable<Affinity['podAffinity']>['requiredDuringSchedulingIgnoredDuringExecution']
>[number]

const preferredField = 'preferredDuringSchedulingIgnoredDuringExecution'
const requiredField = 'requiredDuringSchedulingIgnoredDuringExecution'

/** Validates a pod's affinity. */
export function validateAffinity(affinity: Affinity | undefined, field: string): FieldError[] {
  const node = affinity?.nodeAffinity
  const errors: FieldError[] = []
  errors.push(...validateNodeTerms(node?.[requiredField], `${field}.nodeAffinity.${requiredField}`))
  node?.[preferredField]?.forEach(({ weight = 0, preference = {} }, index) => {
    const at = `${field}.nodeAffinity.${preferredField}[${index}]`
    errors.push(...validateWeight(weight, at), ...validateNodeTerm(preference, `${at}.preference`))
  })
  for (const part of ['podAffinity', 'podAntiAffinity'] as const) {
    affinity?.[part]?.[requiredField]?.forEach((term, index) => {
      errors.push(...validatePodTerm(term, `${field}.${part}.${requiredField}[${index}]`))
    })
    affinity?.[part]?.[preferredField]?.forEach(({ weight = 0, podAffinityTerm = {} }, index) => {
      const at = `${field}.${part}.${preferredField}[${index}]`
      errors.push(...validateWeight(weight, at))
      errors.push(...validatePodTerm(podAffinityTerm, `${at}.podAffinityTerm`))
    })
  }
  return errors
}

/** Validates node selector terms. */
export function validateNodeTerms(
  selector: { nodeSelectorTerms?: readonly NodeTerm[] } | undefined,
  field: string,
): FieldError[] {
  if (selector === undefined) return []
  const { nodeSelectorTerms: terms = [] } = selector
  const at = `${field}.nodeSelectorTerms`
  if (terms.length === 0) return [required(at, 'must have at least one node selector term')]
  return terms.flatMap((term, index) => validateNodeTerm(term, `${at}[${index}]`))
}

function validateWeight(weight: number, at: string): FieldError[] {
  if (weight >= 1 && weight <= 100) return []
  return [invalidValue(`${at}.weight`, weight, 'must be in the range 1-100')]
}

/** The only field that a node selector may match (upstream's `nodeFieldSelectorValidators`). */
const nodeField = 'metadata.name'

function validateNodeTerm(term: NodeTerm, field: string): FieldError[] {
  const { matchFields = [] } = term
  return [
    ...validateNodeLabels(term, field),
    ...matchFields.flatMap(({ key = '', operator = '', values = [] }, index) => {
      const at = `${field}.matchFields[${index}]`
      const isOne = values.length === 1
      const wanted =
        "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"
      return [
        ...(operator !== 'In' && operator !== 'NotIn'
          ? [invalidValue(`${at}.operator`, operator, 'not a valid selector operator')]
          : isOne
            ? []
            : [required(`${at}.values`, wanted)]),
        ...(key === nodeField
          ? []
          : [invalidValue(`${at}.key`, key, 'not a valid field selector key')]),
      ]
    }),
  ]
}

function validateNodeLabels({ matchExpressions = [] }: NodeTerm, field: string): FieldError[] {
  return matchExpressions.flatMap(({ key = '', operator = '', values = [] }, index) => {
    const at = `${field}.matchExpressions[${index}]`
    const errors = labelKeyProblems(key).map((problem) => invalidValue(`${at}.key`, key, problem))
    switch (operator) {
      case 'In':
      case 'NotIn':
        if (values.length > 0) return errors
        return [
          ...errors,
          required(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'"),
        ]
      case 'Exists':
      case 'DoesNotExist':
        if (values.length === 0) return errors
        return [
          ...errors,
          forbiddenField(
            `${at}.values`,
            "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
          ),
        ]
      case 'Gt':
      case 'Lt':
        if (values.length === 1) return errors
        return [
          ...errors,
          required(
            `${at}.values`,
            "must be specified single value when `operator` is 'Lt' or 'Gt'",
          ),
        ]
      default:
        return [
          ...errors,
          invalidValue(`${at}.operator`, operator, 'not a valid selector operator'),
        ]
    }
  })
}

function validatePodTerm(
  { topologyKey = '', labelSelector, ...of }: Partial<PodTerm>,
  field: string,
): FieldError[] {
  const at = `${field}.topologyKey`
  const lists = (['matchLabelKeys', 'mismatchLabelKeys'] as const).filter(
    (list) => of[list]?.length,
  )
  return [
    ...(labelSelector ? validateLabelSelector(labelSelector, `${field}.labelSelector`) : []),
    ...(labelSelector ? [] : lists.map((list) => withoutSelector(`${field}.${list}`))),
    ...(topologyKey === '' ? [required(at, 'can not be empty')] : []),
    ...labelKeyProblems(topologyKey).map((problem) => invalidValue(at, topologyKey, problem)),
  ]
}

/** `matchLabelKeys` narrow a selector, so they require one. */
export const withoutSelector = (field: string): FieldError =>
  forbiddenField(field, 'must not be specified when labelSelector is not set')
