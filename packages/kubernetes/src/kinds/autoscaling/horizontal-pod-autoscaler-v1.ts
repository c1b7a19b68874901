import type { HorizontalPodAutoscaler, KubernetesObject } from '../../object.ts'
import type { Conversion } from '../../resource.ts'

type V1Autoscaler = KubernetesObject & {
  spec?: Omit<HorizontalPodAutoscaler['spec'], 'metrics' | 'behavior'> & {
    targetCPUUtilizationPercentage?: number
  }
}

/**
 * autoscaling/v1, which has one metric only: the average share of the requested CPU that is used. Other metrics are
 * hidden.
 */
export const horizontalPodAutoscalerV1: Conversion = {
  toHub(object: V1Autoscaler) {
    if (object.spec === undefined) return object
    const { targetCPUUtilizationPercentage: averageUtilization, ...spec } = object.spec
    if (averageUtilization === undefined) return object
    const target = { type: 'Utilization', averageUtilization }
    return {
      ...object,
      spec: { ...spec, metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }] },
    }
  },

  fromHub(object: KubernetesObject & { spec?: Partial<HorizontalPodAutoscaler['spec']> }) {
    const { metrics = [], behavior: _, ...spec } = object.spec ?? {}
    const cpu = metrics.find(({ resource }) => resource?.name === 'cpu')
    const percentage = cpu?.resource?.target?.averageUtilization
    return {
      ...object,
      spec: {
        ...spec,
        ...(percentage !== undefined && { targetCPUUtilizationPercentage: percentage }),
      },
    }
  },
}
