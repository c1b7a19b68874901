import { duplicate, type FieldError, invalidValue, notSupported, required } from '../field-error.ts'
import { oneOf } from '../field-rules.ts'
import { labelKeyProblem } from '../label-syntax.ts'
import type { PodSpec } from '../object.ts'
import { validateLabelSelector } from '../selecting/selector-validation.ts'
import { withoutSelector } from './affinity-validation.ts'

type Constraint = NonNullable<PodSpec['topologySpreadConstraints']>[number]

const actions = ['DoNotSchedule', 'ScheduleAnyway']
const policies = ['Honor', 'Ignore']

/** What is wrong with how a pod is to be spread. */
export function validateSpread(constraints: readonly Constraint[], field: string): FieldError[] {
  return constraints.flatMap((constraint, index) => {
    const { topologyKey, whenUnsatisfiable } = constraint
    const same = (other: Constraint) =>
      other.topologyKey === topologyKey && other.whenUnsatisfiable === whenUnsatisfiable
    const pair = `{${topologyKey}, ${whenUnsatisfiable}}`
    const at = `${field}[${index}]`
    return [
      ...validateConstraint(constraint, at),
      ...(constraints.slice(0, index).some(same)
        ? [duplicate(`${at}.{topologyKey, whenUnsatisfiable}`, pair)]
        : []),
    ]
  })
}

function validateConstraint(constraint: Constraint, at: string): FieldError[] {
  const { maxSkew = 0, topologyKey, whenUnsatisfiable, minDomains, labelSelector } = constraint
  const errors: FieldError[] = []
  if (maxSkew <= 0) errors.push(invalidValue(`${at}.maxSkew`, maxSkew, 'must be greater than zero'))
  if (!topologyKey) errors.push(required(`${at}.topologyKey`, 'can not be empty'))
  else {
    const problem = labelKeyProblem(topologyKey)
    if (problem) errors.push(invalidValue(`${at}.topologyKey`, topologyKey, problem))
  }
  if (!actions.includes(whenUnsatisfiable)) {
    errors.push(notSupported(`${at}.whenUnsatisfiable`, whenUnsatisfiable ?? '', actions))
  }
  if (minDomains !== undefined && minDomains <= 0) {
    errors.push(invalidValue(`${at}.minDomains`, minDomains, 'must be greater than zero'))
  }
  if (minDomains !== undefined && whenUnsatisfiable === 'ScheduleAnyway') {
    const detail = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`
    errors.push(invalidValue(`${at}.minDomains`, minDomains, detail))
  }
  return [
    ...errors,
    ...(constraint.matchLabelKeys?.length && !labelSelector
      ? [withoutSelector(`${at}.matchLabelKeys`)]
      : []),
    ...oneOf(`${at}.nodeAffinityPolicy`, constraint.nodeAffinityPolicy, policies),
    ...oneOf(`${at}.nodeTaintsPolicy`, constraint.nodeTaintsPolicy, policies),
    ...(labelSelector ? validateLabelSelector(labelSelector, `${at}.labelSelector`) : []),
  ]
}
