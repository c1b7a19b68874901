import { ageOf } from '../../human-duration.ts'
import type { StatefulSet } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { referred } from '../../schemas/schemas.ts'
import { labelSelectorOf } from '../../selecting/label-selectors.ts'
import { templateWarnings } from '../../unserved/pod-spec-warnings.ts'
import { ageColumn, containerCells, nameColumn, templateColumns } from '../cells.ts'
import { plainKind } from '../plain-kind.ts'
import { countErrors } from '../status-counts.ts'
import {
  appsV1beta1,
  appsV1beta2,
  onDeleteByDefault,
  selectorFromTemplate,
} from './old-versions.ts'
import { replicasOf } from './replicas.ts'
import {
  setStatefulSetDefaults,
  validateStatefulSet,
  validateStatefulSetUpdate,
} from './stateful-set-rules.ts'

/** StatefulSet: names, defaults, rules and columns. */
export const statefulSets: Resource<StatefulSet> = {
  ...plainKind,
  group: 'apps',
  version: 'v1',
  servedVersions: [{ group: 'apps', version: 'v1' }, appsV1beta2, appsV1beta1],
  plural: 'statefulsets',
  singular: 'statefulset',
  kind: 'StatefulSet',
  listKind: 'StatefulSetList',
  namespaced: true,
  shortNames: ['sts'],
  categories: ['all'],
  subresources: ['status', 'scale'],
  replicas: replicasOf,
  podSelector: (object) => labelSelectorOf(object.spec.selector),
  // The two older versions have the same fields.
  schemas: { 'apps/v1beta1': referred('io.k8s.api.apps.v1beta2.StatefulSet') },
  conversions: { 'apps/v1beta2': selectorFromTemplate, 'apps/v1beta1': onDeleteByDefault },
  setDefaults: setStatefulSetDefaults,
  validateStatus: (object) => countErrors(object),
  validate: (object) => validateStatefulSet(object),
  validateUpdate: (after, before) => validateStatefulSetUpdate(after, before),
  warnings: templateWarnings,
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
