import { type FieldError, required } from '../../field-error.ts'
import { pathSegmentProblem } from '../../name-syntax.ts'
import type { ClusterRole } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { validateLabelSelector } from '../../selecting/selector-validation.ts'
import { createdAtColumn, nameColumn } from '../cells.ts'
import { plainKind } from '../plain-kind.ts'
import { rbacGroup, validateRules } from './policy-rules.ts'

/** ClusterRole: names, rules and columns. */
export const clusterRoles: Resource<ClusterRole> = {
  ...plainKind,
  group: rbacGroup,
  version: 'v1',
  servedVersions: [{ group: rbacGroup, version: 'v1' }],
  plural: 'clusterroles',
  singular: 'clusterrole',
  kind: 'ClusterRole',
  listKind: 'ClusterRoleList',
  namespaced: false,
  nameProblem: pathSegmentProblem,
  validate: (role) => [
    ...validateRules(role.rules, { namespaced: false }),
    ...validateAggregation(role),
  ],
  columns: [nameColumn, createdAtColumn],
  row: ({ metadata }) => [metadata.name, metadata.creationTimestamp ?? ''],
}

function validateAggregation({ aggregationRule }: ClusterRole): FieldError[] {
  if (!aggregationRule) return []
  const field = 'aggregationRule.clusterRoleSelectors'
  const { clusterRoleSelectors: selectors = [] } = aggregationRule
  if (selectors.length > 0) {
    return selectors.flatMap((selector, index) =>
      validateLabelSelector(selector, `${field}[${index}]`),
    )
  }
  const detail = 'at least one clusterRoleSelector required if aggregationRule is non-nil'
  return [required(field, detail)]
}
