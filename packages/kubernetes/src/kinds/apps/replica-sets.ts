import { immutable, nonNegative } from '../../field-rules.ts'
import type { ReplicaSet } from '../../object.ts'
import { setTemplateDefaults } from '../../pod-spec/pod-template-defaults.ts'
import { validateTemplate } from '../../pod-spec/pod-template-validation.ts'
import type { Resource } from '../../resource.ts'
import { labelSelectorOf } from '../../selecting/label-selectors.ts'
import { templateWarnings } from '../../unserved/pod-spec-warnings.ts'
import { selectorCell } from '../cells.ts'
import { plainKind } from '../plain-kind.ts'
import { replicaColumns, replicaRow } from '../replica-rows.ts'
import { countErrors } from '../status-counts.ts'
import { appsV1beta2, extensionsV1beta1, selectorFromTemplate } from './old-versions.ts'
import { replicasOf } from './replicas.ts'

/** ReplicaSet: names, defaults, rules and columns. */
export const replicaSets: Resource<ReplicaSet> = {
  ...plainKind,
  group: 'apps',
  version: 'v1',
  servedVersions: [{ group: 'apps', version: 'v1' }, appsV1beta2, extensionsV1beta1],
  plural: 'replicasets',
  singular: 'replicaset',
  kind: 'ReplicaSet',
  listKind: 'ReplicaSetList',
  namespaced: true,
  shortNames: ['rs'],
  categories: ['all'],
  subresources: ['status', 'scale'],
  replicas: replicasOf,
  podSelector: (object) => labelSelectorOf(object.spec.selector),
  conversions: {
    'apps/v1beta2': selectorFromTemplate,
    'extensions/v1beta1': selectorFromTemplate,
  },
  setDefaults: (object) => {
    setTemplateDefaults(object)
    object.spec.replicas ??= 1
  },
  validateStatus: (object) => countErrors(object),
  validate: (object) => {
    const { spec } = object
    return [
      ...nonNegative('spec.replicas', spec.replicas),
      ...nonNegative('spec.minReadySeconds', spec.minReadySeconds),
      ...validateTemplate(spec, 'ReplicaSet'),
    ]
  },
  validateUpdate: (after, before) =>
    immutable('spec.selector', after.spec.selector, before.spec.selector),
  warnings: templateWarnings,
  columns: replicaColumns,
  row: (object, now) => replicaRow(object, selectorCell(object.spec.selector), now),
}
