import { required } from '../../field-error.ts'
import { subdomainProblem } from '../../name-syntax.ts'
import type { Binding } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { nameColumn } from '../cells.ts'

/** Binding: the order that a pod goes to a node. It is carried out and not kept. */
export const bindings: Resource<Binding> = {
  group: '',
  version: 'v1',
  servedVersions: [{ group: '', version: 'v1' }],
  plural: 'bindings',
  singular: 'binding',
  kind: 'Binding',
  listKind: 'BindingList',
  namespaced: true,
  isReview: true,
  shortNames: [],
  categories: [],
  subresources: [],
  selectableFields: {},
  conversions: {},
  nameProblem: subdomainProblem,
  setDefaults: () => {},
  validate: ({ target }) => (target?.name ? [] : [required('target.name')]),
  validateUpdate: () => [],
  columns: [nameColumn],
  row: ({ metadata }) => [metadata.name],
}
