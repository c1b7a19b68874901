import {
  type FieldError,
  forbiddenField,
  invalidValue,
  notSupported,
  required,
} from '../../field-error.ts'
import type { HorizontalPodAutoscaler } from '../../object.ts'

type Spec = HorizontalPodAutoscaler['spec']
type Metric = NonNullable<Spec['metrics']>[number]

/** The metric of an autoscaler that names none. */
export const cpuByDefault = (): Metric => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
})

/** The metrics that are measured here. */
const measured = ['ContainerResource', 'Resource']
const unmeasured = ['external', 'object', 'pods'] as const

export const validateMetrics = ({ metrics = [] }: Spec): FieldError[] =>
  metrics.flatMap((metric, index) => {
    const field = `spec.metrics[${index}]`
    const refused = unmeasured.filter((part) => metric[part] !== undefined)
    if (refused.length > 0) {
      return refused.map((part) => forbiddenField(`${field}.${part}`, 'nothing measures it here'))
    }
    if (!metric.type) return [required(`${field}.type`, 'must specify a metric source type')]
    if (!measured.includes(metric.type)) {
      return [notSupported(`${field}.type`, metric.type, measured)]
    }
    return validateSource(metric, field)
  })

function validateSource(
  { type, resource, containerResource }: Metric,
  field: string,
): FieldError[] {
  const part = type === 'Resource' ? 'resource' : 'containerResource'
  const source = type === 'Resource' ? resource : containerResource
  const at = `${field}.${part}`
  if (source === undefined) {
    return [required(at, `must populate information for the given metric source`)]
  }
  const { type: kind, averageUtilization, averageValue } = source.target ?? {}
  const isNegative = averageUtilization !== undefined && averageUtilization < 1
  return [
    ...(source.name ? [] : [required(`${at}.name`, 'must specify a resource name')]),
    ...(containerResource && !containerResource.container
      ? [required(`${at}.container`, 'must specify a container')]
      : []),
    ...(kind ? [] : [required(`${at}.target.type`, 'must specify a metric target type')]),
    ...(isNegative
      ? [
          invalidValue(
            `${at}.target.averageUtilization`,
            averageUtilization,
            'must be greater than 0',
          ),
        ]
      : []),
    ...(averageUtilization === undefined && averageValue === undefined
      ? [
          required(
            `${at}.target.averageUtilization`,
            'must set either a target raw value or a target utilization',
          ),
        ]
      : []),
    ...(averageUtilization !== undefined && averageValue !== undefined
      ? [
          invalidValue(
            `${at}.target.averageValue`,
            averageValue,
            'may not set both a target raw value and a target utilization',
          ),
        ]
      : []),
  ]
}
