import { nonNegative } from '../../field-rules.ts'
import type { ReplicationController } from '../../object.ts'
import { setPodSpecDefaults } from '../../pod-spec/pod-spec-defaults.ts'
import { validateTemplate } from '../../pod-spec/pod-template-validation.ts'
import type { Resource } from '../../resource.ts'
import { labelMapSelector } from '../../selecting/label-selectors.ts'
import { templateWarnings } from '../../unserved/pod-spec-warnings.ts'
import { labelsCell } from '../cells.ts'
import { plainKind } from '../plain-kind.ts'
import { replicaColumns, replicaRow } from '../replica-rows.ts'
import { countErrors } from '../status-counts.ts'

/** ReplicationController: the predecessor of ReplicaSets, with a map of labels as selector. */
export const replicationControllers: Resource<ReplicationController> = {
  ...plainKind,
  group: '',
  version: 'v1',
  servedVersions: [{ group: '', version: 'v1' }],
  plural: 'replicationcontrollers',
  singular: 'replicationcontroller',
  kind: 'ReplicationController',
  listKind: 'ReplicationControllerList',
  namespaced: true,
  shortNames: ['rc'],
  categories: ['all'],
  subresources: ['status', 'scale'],
  selectableFields: { 'status.replicas': ({ status }) => String(status?.replicas ?? 0) },
  replicas: ({ spec, status }) => ({
    wanted: spec.replicas ?? 0,
    present: status?.replicas ?? 0,
    selector: { matchLabels: spec.selector ?? {} },
  }),
  podSelector: ({ spec }) => labelMapSelector(spec.selector),
  setDefaults: setReplicationControllerDefaults,
  validateStatus: (object) => countErrors(object),
  validate: ({ spec }) => [
    ...nonNegative('spec.replicas', spec.replicas),
    ...nonNegative('spec.minReadySeconds', spec.minReadySeconds),
    ...validateTemplate(
      {
        ...(spec.template && { template: spec.template }),
        ...(spec.selector && { selector: { matchLabels: spec.selector } }),
      },
      'ReplicationController',
    ),
  ],
  warnings: templateWarnings,
  columns: replicaColumns,
  row: (object, now) => replicaRow(object, labelsCell(object.spec.selector), now),
}

/** Selector and labels default to the template's labels. */
function setReplicationControllerDefaults(object: ReplicationController): void {
  object.spec ??= {}
  const { spec, metadata } = object
  const { template } = spec
  if (template) template.metadata ??= {}
  if (template?.spec) setPodSpecDefaults(template.spec)
  const labels = template?.metadata?.labels
  if (labels && !Object.keys(spec.selector ?? {}).length) spec.selector = { ...labels }
  if (labels && !Object.keys(metadata.labels ?? {}).length) metadata.labels = { ...labels }
  spec.replicas ??= 1
}
