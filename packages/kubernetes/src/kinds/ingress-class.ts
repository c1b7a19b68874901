import type { Resource } from '../resource.ts'

/** IngressClass: names, defaults, rules and columns. */
export const ingressClass: Resource = {
  group: 'networking.k8s.io',
  version: 'v1',
  servedVersions: [{ group: 'networking.k8s.io', version: 'v1' }],
  plural: 'ingressclasses',
  singular: 'ingressclass',
  kind: 'IngressClass',
  listKind: 'IngressClassList',
  namespaced: false,
  shortNames: [],
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
