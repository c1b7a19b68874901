import type { Service } from '../object.ts'
import type { Resource } from '../resource.ts'

/** Service: names, defaults, rules and columns. */
export const service: Resource = {
  group: '',
  version: 'v1',
  servedVersions: [{ group: '', version: 'v1' }],
  plural: 'services',
  singular: 'service',
  kind: 'Service',
  listKind: 'ServiceList',
  namespaced: true,
  shortNames: ['svc'],
  categories: ['all'],
  subresources: ['status'],
  selectableFields: {
    'spec.clusterIP': (object) => (object as Service).spec.clusterIP ?? '',
    'spec.type': (object) => (object as Service).spec.type ?? '',
  },
  conversions: {},
  setDefaults: () => {},
  validate: () => [],
  validateUpdate: () => [],
  columns: [],
  row: () => [],
}
