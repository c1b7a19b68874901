import type { Resource } from '../resource.ts'

/** ReplicaSet: names, defaults, rules and columns. */
export const replicaSet: Resource = {
  group: 'apps',
  version: 'v1',
  servedVersions: [
    { group: 'apps', version: 'v1' },
    { group: 'extensions', version: 'v1beta1' },
  ],
  plural: 'replicasets',
  singular: 'replicaset',
  kind: 'ReplicaSet',
  listKind: 'ReplicaSetList',
  namespaced: true,
  shortNames: ['rs'],
  categories: ['all'],
  subresources: ['status', 'scale'],
  selectableFields: {},
  conversions: {},
  setDefaults: () => {},
  validate: () => [],
  validateUpdate: () => [],
  columns: [],
  row: () => [],
}
