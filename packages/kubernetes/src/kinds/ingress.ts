import type { Resource } from '../resource.ts'

/** Ingress: names, defaults, rules and columns. */
export const ingress: Resource = {
  group: 'networking.k8s.io',
  version: 'v1',
  servedVersions: [
    { group: 'networking.k8s.io', version: 'v1' },
    { group: 'networking.k8s.io', version: 'v1beta1' },
    { group: 'extensions', version: 'v1beta1' },
  ],
  plural: 'ingresses',
  singular: 'ingress',
  kind: 'Ingress',
  listKind: 'IngressList',
  namespaced: true,
  shortNames: ['ing'],
  categories: [],
  subresources: ['status'],
  selectableFields: {},
  conversions: {},
  setDefaults: () => {},
  validate: () => [],
  validateUpdate: () => [],
  columns: [],
  row: () => [],
}
