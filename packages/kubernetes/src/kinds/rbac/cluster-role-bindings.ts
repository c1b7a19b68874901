import { pathSegmentProblem } from '../../name-syntax.ts'
import type { ClusterRoleBinding } from '../../object.ts'
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

/** ClusterRoleBinding: names, defaults, rules and columns. */
export const clusterRoleBindings: Resource<ClusterRoleBinding> = {
  ...plainKind,
  group: rbacGroup,
  version: 'v1',
  servedVersions: [{ group: rbacGroup, version: 'v1' }],
  plural: 'clusterrolebindings',
  singular: 'clusterrolebinding',
  kind: 'ClusterRoleBinding',
  listKind: 'ClusterRoleBindingList',
  namespaced: false,
  subjects: subjectsOf,
  nameProblem: pathSegmentProblem,
  setDefaults: setBindingDefaults,
  validate: (binding) => validateBinding(binding, ['ClusterRole']),
  validateUpdate: validateBindingUpdate,
  columns: bindingColumns,
  row: bindingRow,
}
