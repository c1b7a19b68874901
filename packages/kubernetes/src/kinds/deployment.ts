import type { Resource } from '../resource.ts'

/** Deployment: names, defaults, rules and columns. */
export const deployment: Resource = {
  group: 'apps',
  version: 'v1',
  servedVersions: [
    { group: 'apps', version: 'v1' },
    { group: 'extensions', version: 'v1beta1' },
  ],
  plural: 'deployments',
  singular: 'deployment',
  kind: 'Deployment',
  listKind: 'DeploymentList',
  namespaced: true,
  shortNames: ['deploy'],
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
