import { required } from '../../field-error.ts'
import type { Binding } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { nameColumn } from '../cells.ts'
import { plainKind } from '../plain-kind.ts'

/** Binding: the instruction to place a pod on a node. It is carried out and not stored. */
export const bindings: Resource<Binding> = {
  ...plainKind,
  group: '',
  version: 'v1',
  servedVersions: [{ group: '', version: 'v1' }],
  plural: 'bindings',
  singular: 'binding',
  kind: 'Binding',
  listKind: 'BindingList',
  namespaced: true,
  isReview: true,
  validate: ({ target }) => (target?.name ? [] : [required('target.name')]),
  columns: [nameColumn],
  row: ({ metadata }) => [metadata.name],
}
