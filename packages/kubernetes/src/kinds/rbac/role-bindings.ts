import { pathSegmentProblem } from '../../name-syntax.ts'
import type { RoleBinding } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { plainKind } from '../plain-kind.ts'
import {
  bindingColumns,
  bindingRow,
  setBindingDefaults,
  subjectsOf,
  validateBinding,
  validateBindingUpdate,
} from './bindings.ts'
import { rbacGroup } from './policy-rules.ts'

/** RoleBinding: names, defaults, rules and columns. */
export const roleBindings: Resource<RoleBinding> = {
  ...plainKind,
  group: rbacGroup,
  version: 'v1',
  servedVersions: [{ group: rbacGroup, version: 'v1' }],
  plural: 'rolebindings',
  singular: 'rolebinding',
  kind: 'RoleBinding',
  listKind: 'RoleBindingList',
  namespaced: true,
  subjects: subjectsOf,
  nameProblem: pathSegmentProblem,
  setDefaults: setBindingDefaults,
  validate: (binding) => validateBinding(binding, ['Role', 'ClusterRole']),
  validateUpdate: validateBindingUpdate,
  columns: bindingColumns,
  row: bindingRow,
}
