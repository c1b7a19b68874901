import { type FieldError, invalidValue, required } from '../../field-error.ts'
import { ageOf } from '../../human-duration.ts'
import { subdomainProblem } from '../../name-syntax.ts'
import type { HorizontalPodAutoscaler, Undefaulted } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { ageColumn, nameColumn } from '../cells.ts'
import { horizontalPodAutoscalerV1 } from './horizontal-pod-autoscaler-v1.ts'

const group = 'autoscaling'

/** HorizontalPodAutoscaler: names, defaults, rules and columns. */
export const horizontalPodAutoscalers: Resource<HorizontalPodAutoscaler> = {
  group,
  version: 'v2',
  servedVersions: [
    { group, version: 'v2' },
    { group, version: 'v1' },
  ],
  plural: 'horizontalpodautoscalers',
  singular: 'horizontalpodautoscaler',
  kind: 'HorizontalPodAutoscaler',
  listKind: 'HorizontalPodAutoscalerList',
  namespaced: true,
  shortNames: ['hpa'],
  categories: ['all'],
  subresources: ['status'],
  selectableFields: {},
  conversions: { 'autoscaling/v1': horizontalPodAutoscalerV1 },
  nameProblem: subdomainProblem,
  setDefaults(object: Undefaulted<HorizontalPodAutoscaler>) {
    object.spec ??= { maxReplicas: 0, scaleTargetRef: { kind: '', name: '' } }
    object.spec.maxReplicas ??= 0
    object.spec.minReplicas ??= 1
    object.spec.scaleTargetRef ??= { kind: '', name: '' }
  },
  validate: ({ spec }) => validateSpec(spec),
  validateUpdate: () => [],
  warnings: () => ['HorizontalPodAutoscalers are kept: nothing scales by them on this server'],
  columns: [
    nameColumn,
    { name: 'Reference' },
    { name: 'Targets' },
    { name: 'MinPods' },
    { name: 'MaxPods', type: 'integer' },
    { name: 'Replicas', type: 'integer' },
    ageColumn,
  ],
  row: ({ metadata, spec, status }, now) => [
    metadata.name,
    `${spec.scaleTargetRef?.kind}/${spec.scaleTargetRef?.name}`,
    targetsOf(spec),
    String(spec.minReplicas ?? '<unset>'),
    spec.maxReplicas ?? 0,
    status?.currentReplicas ?? 0,
    ageOf(metadata.creationTimestamp, now),
  ],
}

type Spec = HorizontalPodAutoscaler['spec']

function validateSpec({ minReplicas = 1, maxReplicas, scaleTargetRef }: Spec): FieldError[] {
  return [
    ...(minReplicas < 1
      ? [invalidValue('spec.minReplicas', minReplicas, 'must be greater than or equal to 1')]
      : []),
    ...(maxReplicas < 1
      ? [invalidValue('spec.maxReplicas', maxReplicas, 'must be greater than 0')]
      : []),
    ...(maxReplicas < minReplicas
      ? [
          invalidValue(
            'spec.maxReplicas',
            maxReplicas,
            'must be greater than or equal to `minReplicas`',
          ),
        ]
      : []),
    ...(scaleTargetRef.kind ? [] : [required('spec.scaleTargetRef.kind')]),
    ...(scaleTargetRef.name ? [] : [required('spec.scaleTargetRef.name')]),
  ]
}

/** What is wanted of each metric; what it is nobody measures. */
function targetsOf({ metrics = [] }: Spec): string {
  const texts = metrics.map(({ resource, containerResource, type }) => {
    const { name, target } = resource ?? containerResource ?? {}
    const wanted = target?.averageUtilization
    return wanted === undefined
      ? `<unknown>/${target?.averageValue ?? type}`
      : `${name}: <unknown>/${wanted}%`
  })
  return texts.length === 0 ? '<none>' : texts.join(', ')
}
