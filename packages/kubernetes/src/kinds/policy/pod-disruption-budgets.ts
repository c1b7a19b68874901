import { type FieldError, invalidValue, notSupported } from '../../field-error.ts'
import { ageOf } from '../../human-duration.ts'
import type { PodDisruptionBudget } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { labelSelectorOf } from '../../selecting/label-selectors.ts'
import { validateLabelSelector } from '../../selecting/selector-validation.ts'
import { amountProblems } from '../apps/amount.ts'
import { ageColumn, nameColumn } from '../cells.ts'
import { plainKind } from '../plain-kind.ts'
import { countErrors } from '../status-counts.ts'

/** PodDisruptionBudget: names, defaults, rules and columns. */
export const podDisruptionBudgets: Resource<PodDisruptionBudget> = {
  ...plainKind,
  group: 'policy',
  version: 'v1',
  servedVersions: [{ group: 'policy', version: 'v1' }],
  plural: 'poddisruptionbudgets',
  singular: 'poddisruptionbudget',
  kind: 'PodDisruptionBudget',
  listKind: 'PodDisruptionBudgetList',
  namespaced: true,
  shortNames: ['pdb'],
  subresources: ['status'],
  podSelector: (object) => labelSelectorOf(object.spec.selector),
  validate: (object) => validateBudget(object),
  validateStatus: (object) => countErrors(object),
  columns: [
    nameColumn,
    { name: 'Min Available' },
    { name: 'Max Unavailable' },
    { name: 'Allowed Disruptions', type: 'integer' },
    ageColumn,
  ],
  row: ({ metadata, spec, status }, now) => [
    metadata.name,
    String(spec.minAvailable ?? 'N/A'),
    String(spec.maxUnavailable ?? 'N/A'),
    status?.disruptionsAllowed ?? 0,
    ageOf(metadata.creationTimestamp, now),
  ],
}

const policies = ['IfHealthyBudget', 'AlwaysAllow']

function validateBudget({ spec }: PodDisruptionBudget): FieldError[] {
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy: policy } = spec
  const isBoth = minAvailable !== undefined && maxUnavailable !== undefined
  const both = 'minAvailable and maxUnavailable cannot be both set'
  return [
    ...(isBoth ? [invalidValue('spec', { minAvailable, maxUnavailable }, both)] : []),
    ...shareProblems('spec.minAvailable', minAvailable),
    ...shareProblems('spec.maxUnavailable', maxUnavailable),
    ...(policy !== undefined && !policies.includes(policy)
      ? [notSupported('spec.unhealthyPodEvictionPolicy', policy, policies)]
      : []),
    ...(selector ? validateLabelSelector(selector, 'spec.selector') : []),
  ]
}

function shareProblems(field: string, amount: number | string | undefined): FieldError[] {
  const problems = amountProblems(field, amount)
  const isTooMuch = typeof amount === 'string' && Number.parseInt(amount, 10) > 100
  if (problems.length > 0 || !isTooMuch) return problems
  return [invalidValue(field, amount, 'must not be greater than 100%')]
}
