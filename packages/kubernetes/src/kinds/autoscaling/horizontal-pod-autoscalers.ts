import { type FieldError, invalidValue, required } from '../../field-error.ts'
import { ageOf } from '../../human-duration.ts'
import { subdomainProblem } from '../../name-syntax.ts'
import type { HorizontalPodAutoscaler, Undefaulted } from '../../object.ts'
import type { Resource } from '../../resource.ts'
import { ageColumn, nameColumn } from '../cells.ts'
import { countErrors } from '../status-counts.ts'
import { setBehaviorDefaults, validateBehavior } from './autoscaling-behavior.ts'
import { cpuByDefault, validateMetrics } from './autoscaling-metrics.ts'
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
    const { spec } = object
    spec.maxReplicas ??= 0
    spec.minReplicas ??= 1
    spec.scaleTargetRef ??= { kind: '', name: '' }
    if ((spec.metrics ?? []).length === 0) spec.metrics = [cpuByDefault()]
    if (spec.behavior) setBehaviorDefaults(spec.behavior)
  },
  validate: ({ spec }) => [
    ...validateSpec(spec),
    ...validateMetrics(spec),
    ...validateBehavior(spec),
  ],
  validateStatus: (object) => countErrors(object),
  validateUpdate: () => [],
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
    targetsOf(spec, status),
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

/** Current and target value of the first two metrics, as upstream shows them. */
function targetsOf(
  { metrics = [] }: Spec,
  { currentMetrics = [] }: NonNullable<HorizontalPodAutoscaler['status']> = { desiredReplicas: 0 },
): string {
  const texts = metrics.map(({ resource, containerResource, type }, index) => {
    const { name, target } = resource ?? containerResource ?? {}
    if (target === undefined) return `<unknown>/${type}`
    const known = currentMetrics[index]
    const current = (known?.resource ?? known?.containerResource)?.current
    if (target.averageValue !== undefined) {
      return `${name}: ${current?.averageValue ?? '<unknown>'}/${target.averageValue}`
    }
    const percentage = (value: number | undefined, none: string) =>
      value === undefined ? none : `${value}%`
    const is = percentage(current?.averageUtilization, '<unknown>')
    return `${name}: ${is}/${percentage(target.averageUtilization, '<auto>')}`
  })
  if (texts.length === 0) return '<none>'
  const more = texts.length > shownMax ? ` + ${texts.length - shownMax} more...` : ''
  return `${texts.slice(0, shownMax).join(', ')}${more}`
}

const shownMax = 2
