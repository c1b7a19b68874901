import {
  invalid,
  isJsonObject,
  type KubernetesObject,
  type LabelSelector,
} from '@reckon/kubernetes'

type Scalable = KubernetesObject & {
  spec: { replicas?: number; selector?: LabelSelector }
  status?: { replicas?: number }
}

/** The `autoscaling/v1` Scale of an object with replicas: how many are wanted, how many there are, and which. */
export function scaleOf(object: KubernetesObject): KubernetesObject {
  const { metadata, spec, status } = object as Scalable
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp } as Scalable['metadata'],
    spec: { replicas: spec.replicas ?? 0 },
    status: { replicas: status?.replicas ?? 0, selector: selectorText(spec.selector) },
  }
}

/** The object with as many replicas as a Scale wants; 422 if that is no number of replicas. */
export function scaledBy(object: KubernetesObject, scale: KubernetesObject): KubernetesObject {
  const { replicas = 0 } = isJsonObject(scale.spec) ? scale.spec : {}
  if (typeof replicas !== 'number' || !Number.isInteger(replicas) || replicas < 0) {
    throw invalid({ group: 'autoscaling', kind: 'Scale' }, object.metadata.name, [
      {
        reason: 'FieldValueInvalid',
        field: 'spec.replicas',
        message: `Invalid value: ${JSON.stringify(replicas)}: must be greater than or equal to 0`,
      },
    ])
  }
  return { ...object, spec: { ...(object as Scalable).spec, replicas } }
}

/** A selector as text, as autoscalers and `kubectl` read it. */
function selectorText({ matchLabels = {}, matchExpressions = [] }: LabelSelector = {}): string {
  const labels = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`)
  const expressions = matchExpressions.map(({ key, operator, values = [] }) => {
    if (operator === 'Exists') return key
    if (operator === 'DoesNotExist') return `!${key}`
    return `${key} ${operator.toLowerCase()} (${values.join(',')})`
  })
  return [...labels, ...expressions].join(',')
}
