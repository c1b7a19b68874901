import type { Resource } from '../resource.ts'

/** ConfigMap: names, defaults, rules and columns. */
export const configMap: Resource = {
  group: '',
  version: 'v1',
  servedVersions: [{ group: '', version: 'v1' }],
  plural: 'configmaps',
  singular: 'configmap',
  kind: 'ConfigMap',
  listKind: 'ConfigMapList',
  namespaced: true,
  shortNames: ['cm'],
  categories: [],
  subresources: [],
  selectableFields: {},
  conversions: {},
  setDefaults: () => {},
  validate: () => [],
  validateUpdate: () => [],
  columns: [],
  row: () => [],
}
