import { immutable } from '../../field-rules.ts'
import { ageOf } from '../../human-duration.ts'
import type { Deployment } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { referred } from '../../schemas/schemas.ts'
import { labelSelectorOf } from '../../selecting/label-selectors.ts'
import { templateWarnings } from '../../unserved/pod-spec-warnings.ts'
import { ageColumn, containerCells, nameColumn, selectorCell, templateColumns } from '../cells.ts'
import { plainKind } from '../plain-kind.ts'
import { countErrors } from '../status-counts.ts'
import { setDeploymentDefaults, validateDeployment } from './deployment-rules.ts'
import { deploymentV1beta1, rollbackWarnings } from './deployment-v1beta1.ts'
import {
  appsV1beta1,
  appsV1beta2,
  extensionsV1beta1,
  selectorFromTemplate,
} from './old-versions.ts'
import { replicasOf } from './replicas.ts'

/** Stands for "none": by default there was neither a history limit nor a deadline. */
const unlimited = 2_147_483_647

/** Deployment: names, defaults, rules and columns. */
export const deployments: Resource<Deployment> = {
  ...plainKind,
  group: 'apps',
  version: 'v1',
  servedVersions: [{ group: 'apps', version: 'v1' }, appsV1beta2, appsV1beta1, extensionsV1beta1],
  plural: 'deployments',
  singular: 'deployment',
  kind: 'Deployment',
  listKind: 'DeploymentList',
  namespaced: true,
  shortNames: ['deploy'],
  categories: ['all'],
  subresources: ['status', 'scale'],
  replicas: replicasOf,
  podSelector: (object) => labelSelectorOf(object.spec.selector),
  // The two oldest versions have the same fields.
  schemas: { 'apps/v1beta1': referred('io.k8s.api.extensions.v1beta1.Deployment') },
  conversions: {
    'apps/v1beta2': selectorFromTemplate,
    'apps/v1beta1': deploymentV1beta1({
      revisionHistoryLimit: 2,
      progressDeadlineSeconds: 600,
      rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' },
    }),
    'extensions/v1beta1': deploymentV1beta1({
      revisionHistoryLimit: unlimited,
      progressDeadlineSeconds: unlimited,
      rollingUpdate: { maxUnavailable: 1, maxSurge: 1 },
    }),
  },
  setDefaults: setDeploymentDefaults,
  validateStatus: (object) => countErrors(object),
  validate: (object) => validateDeployment(object),
  validateUpdate: (after, before) =>
    immutable('spec.selector', after.spec.selector, before.spec.selector),
  warnings: (object) => [...rollbackWarnings(object), ...templateWarnings(object)],
  columns: [
    nameColumn,
    { name: 'Ready' },
    { name: 'Up-to-date' },
    { name: 'Available' },
    ageColumn,
    ...templateColumns,
  ],
  row: (object, now) => {
    const { metadata, spec, status } = object
    return [
      metadata.name,
      `${status?.readyReplicas ?? 0}/${spec.replicas ?? 0}`,
      status?.updatedReplicas ?? 0,
      status?.availableReplicas ?? 0,
      ageOf(metadata.creationTimestamp, now),
      ...containerCells(spec.template?.spec),
      selectorCell(spec.selector),
    ]
  },
}
