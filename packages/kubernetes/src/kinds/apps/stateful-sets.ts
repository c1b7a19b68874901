import { ageOf } from '../../human-duration.ts'
import { labelSelectorOf } from '../../label-selectors.ts'
import { subdomainProblem } from '../../name-syntax.ts'
import type { StatefulSet } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { ageColumn, containerCells, nameColumn, templateColumns } from '../cells.ts'
import { replicasOf } from './replicas.ts'
import {
  setStatefulSetDefaults,
  validateStatefulSet,
  validateStatefulSetUpdate,
} from './stateful-set-rules.ts'

/** StatefulSet: names, defaults, rules and columns. */
export const statefulSets: Resource<StatefulSet> = {
  group: 'apps',
  version: 'v1',
  servedVersions: [{ group: 'apps', version: 'v1' }],
  plural: 'statefulsets',
  singular: 'statefulset',
  kind: 'StatefulSet',
  listKind: 'StatefulSetList',
  namespaced: true,
  shortNames: ['sts'],
  categories: ['all'],
  subresources: ['status', 'scale'],
  selectableFields: {},
  replicas: replicasOf,
  podSelector: (object) => labelSelectorOf(object.spec.selector),
  conversions: {},
  nameProblem: subdomainProblem,
  setDefaults: setStatefulSetDefaults,
  validate: (object) => validateStatefulSet(object),
  validateUpdate: (after, before) => validateStatefulSetUpdate(after, before),
  columns: [
    nameColumn,
    { name: 'Ready' },
    ageColumn,
    ...templateColumns.filter(({ name }) => name !== 'Selector'),
  ],
  row: (object, now) => {
    const { metadata, spec, status } = object
    return [
      metadata.name,
      `${status?.readyReplicas ?? 0}/${spec.replicas ?? 0}`,
      ageOf(metadata.creationTimestamp, now),
      ...containerCells(spec.template?.spec),
    ]
  },
}
