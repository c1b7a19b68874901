import type { Namespace } from '../object.ts'
import type { Resource } from '../resource.ts'

/** Namespace: names, defaults, rules and columns. */
export const namespace: Resource = {
  group: '',
  version: 'v1',
  servedVersions: [{ group: '', version: 'v1' }],
  plural: 'namespaces',
  singular: 'namespace',
  kind: 'Namespace',
  listKind: 'NamespaceList',
  namespaced: false,
  shortNames: ['ns'],
  categories: [],
  subresources: ['status', 'finalize'],
  selectableFields: { 'status.phase': (object) => (object as Namespace).status?.phase ?? '' },
  conversions: {},
  setDefaults: () => {},
  validate: () => [],
  validateUpdate: () => [],
  columns: [],
  row: () => [],
}
