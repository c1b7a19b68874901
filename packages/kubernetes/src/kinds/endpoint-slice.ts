import type { Resource } from '../resource.ts'

/** EndpointSlice: names, defaults, rules and columns. */
export const endpointSlice: Resource = {
  group: 'discovery.k8s.io',
  version: 'v1',
  servedVersions: [{ group: 'discovery.k8s.io', version: 'v1' }],
  plural: 'endpointslices',
  singular: 'endpointslice',
  kind: 'EndpointSlice',
  listKind: 'EndpointSliceList',
  namespaced: true,
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
