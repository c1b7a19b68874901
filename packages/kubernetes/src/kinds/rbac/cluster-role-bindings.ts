import { pathSegmentProblem } from '../../name-syntax.ts'
import type { ClusterRoleBinding } from '../../object.ts'
import type { Resource } from '../../resource.ts'
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
  group: rbacGroup,
  version: 'v1',
  servedVersions: [{ group: rbacGroup, version: 'v1' }],
  plural: 'clusterrolebindings',
  singular: 'clusterrolebinding',
  kind: 'ClusterRoleBinding',
  listKind: 'ClusterRoleBindingList',
  namespaced: false,
  shortNames: [],
  categories: [],
  subresources: [],
  selectableFields: {},
  subjects: subjectsOf,
  conversions: {},
  nameProblem: pathSegmentProblem,
  setDefaults: setBindingDefaults,
  validate: (binding) => validateBinding(binding, ['ClusterRole']),
  validateUpdate: validateBindingUpdate,
  columns: bindingColumns,
  row: bindingRow,
}
