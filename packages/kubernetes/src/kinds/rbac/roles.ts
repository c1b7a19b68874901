import { pathSegmentProblem } from '../../name-syntax.ts'
import type { Role } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { createdAtColumn, nameColumn } from '../cells.ts'
import { plainKind } from '../plain-kind.ts'
import { rbacGroup, validateRules } from './policy-rules.ts'

/** Role: names, rules and columns. */
export const roles: Resource<Role> = {
  ...plainKind,
  group: rbacGroup,
  version: 'v1',
  servedVersions: [{ group: rbacGroup, version: 'v1' }],
  plural: 'roles',
  singular: 'role',
  kind: 'Role',
  listKind: 'RoleList',
  namespaced: true,
  nameProblem: pathSegmentProblem,
  validate: ({ rules }) => validateRules(rules, { namespaced: true }),
  columns: [nameColumn, createdAtColumn],
  row: ({ metadata }) => [metadata.name, metadata.creationTimestamp ?? ''],
}
