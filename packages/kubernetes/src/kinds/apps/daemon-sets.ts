import { immutable } from '../../field-rules.ts'
import { ageOf } from '../../human-duration.ts'
import type { DaemonSet } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { labelSelectorOf } from '../../selecting/label-selectors.ts'
import { templateWarnings } from '../../unserved/pod-spec-warnings.ts'
import {
  ageColumn,
  containerCells,
  labelsCell,
  nameColumn,
  selectorCell,
  templateColumns,
} from '../cells.ts'
import { plainKind } from '../plain-kind.ts'
import { countErrors } from '../status-counts.ts'
import { setDaemonSetDefaults, validateDaemonSet } from './daemon-set-rules.ts'
import { daemonSetV1beta1 } from './daemon-set-v1beta1.ts'
import { appsV1beta2, extensionsV1beta1, selectorFromTemplate } from './old-versions.ts'

/** DaemonSet: names, defaults, rules and columns. */
export const daemonSets: Resource<DaemonSet> = {
  ...plainKind,
  group: 'apps',
  version: 'v1',
  servedVersions: [{ group: 'apps', version: 'v1' }, appsV1beta2, extensionsV1beta1],
  plural: 'daemonsets',
  singular: 'daemonset',
  kind: 'DaemonSet',
  listKind: 'DaemonSetList',
  namespaced: true,
  shortNames: ['ds'],
  categories: ['all'],
  subresources: ['status'],
  podSelector: (object) => labelSelectorOf(object.spec.selector),
  conversions: { 'apps/v1beta2': selectorFromTemplate, 'extensions/v1beta1': daemonSetV1beta1 },
  setDefaults: setDaemonSetDefaults,
  validateStatus: (object) => countErrors(object),
  validate: (object) => validateDaemonSet(object),
  validateUpdate: (after, before) =>
    immutable('spec.selector', after.spec.selector, before.spec.selector),
  warnings: templateWarnings,
  columns: [
    nameColumn,
    { name: 'Desired', type: 'integer' },
    { name: 'Current', type: 'integer' },
    { name: 'Ready', type: 'integer' },
    { name: 'Up-to-date', type: 'integer' },
    { name: 'Available', type: 'integer' },
    { name: 'Node Selector' },
    ageColumn,
    ...templateColumns,
  ],
  row: (object, now) => {
    const { metadata, spec, status } = object
    return [
      metadata.name,
      status?.desiredNumberScheduled ?? 0,
      status?.currentNumberScheduled ?? 0,
      status?.numberReady ?? 0,
      status?.updatedNumberScheduled ?? 0,
      status?.numberAvailable ?? 0,
      labelsCell(spec.template?.spec?.nodeSelector),
      ageOf(metadata.creationTimestamp, now),
      ...containerCells(spec.template?.spec),
      selectorCell(spec.selector),
    ]
  },
}
