import type { Node } from '../object.ts'
import type { Resource } from '../resource.ts'

/** Node: names, defaults, rules and columns. */
export const node: Resource = {
  group: '',
  version: 'v1',
  servedVersions: [{ group: '', version: 'v1' }],
  plural: 'nodes',
  singular: 'node',
  kind: 'Node',
  listKind: 'NodeList',
  namespaced: false,
  shortNames: ['no'],
  categories: [],
  subresources: ['status'],
  selectableFields: {
    'spec.unschedulable': (object) => String((object as Node).spec?.unschedulable ?? false),
  },
  conversions: {},
  setDefaults: () => {},
  validate: () => [],
  validateUpdate: () => [],
  columns: [],
  row: () => [],
}
