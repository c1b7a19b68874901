import { pathSegmentProblem } from '../../name-syntax.ts'
import type { Role } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { createdAtColumn, nameColumn } from '../cells.ts'
import { rbacGroup, validateRules } from './policy-rules.ts'

/** Role: names, rules and columns. */
export const roles: Resource<Role> = {
  group: rbacGroup,
  version: 'v1',
  servedVersions: [{ group: rbacGroup, version: 'v1' }],
  plural: 'roles',
  singular: 'role',
  kind: 'Role',
  listKind: 'RoleList',
  namespaced: true,
  shortNames: [],
  categories: [],
  subresources: [],
  selectableFields: {},
  conversions: {},
  nameProblem: pathSegmentProblem,
  setDefaults: () => {},
  validate: ({ rules }) => validateRules(rules, { namespaced: true }),
  validateUpdate: () => [],
  columns: [nameColumn, createdAtColumn],
  row: ({ metadata }) => [metadata.name, metadata.creationTimestamp ?? ''],
}
