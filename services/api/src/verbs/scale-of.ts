import {
  invalid,
  type KubernetesObject,
  type LabelSelector,
  type Resource,
  type Scale,
  withReplicas,
} from '@reckon/kubernetes'

/** The `autoscaling/v1` Scale of an object with replicas: how many are wanted, how many exist, and their selector. */
export function scaleOf(resource: Resource, object: KubernetesObject): KubernetesObject {
  const replicas = resource.replicas?.(object)
  if (replicas === undefined) throw new Error(`${resource.kind} has no replicas`)
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      name,
      ...(namespace && { namespace }),
      ...(uid && { uid }),
      ...(resourceVersion && { resourceVersion }),
      ...(creationTimestamp && { creationTimestamp }),
    },
    spec: { replicas: replicas.wanted },
    status: { replicas: replicas.present, selector: shownSelector(replicas.selector) },
  }
}

/** The object with the number of replicas of a Scale; 422 if that number is not valid. */
export function scaledBy(
  resource: Resource,
  object: KubernetesObject,
  scale: Partial<Scale>,
): KubernetesObject {
  const { replicas = 0 } = scale.spec ?? {}
  if (replicas < 0) {
    throw invalid({ group: 'autoscaling', kind: 'Scale' }, object.metadata.name, [
      {
        reason: 'FieldValueInvalid',
        field: 'spec.replicas',
        message: `Invalid value: ${JSON.stringify(replicas)}: must be greater than or equal to 0`,
      },
    ])
  }
  return withReplicas(resource, object, replicas)
}

const shownSelector = (selector: LabelSelector | string): string =>
  typeof selector === 'string' ? selector : selectorText(selector)

/** A selector as text, as autoscalers and `kubectl` read it. */
function selectorText({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const labels = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`)
  const expressions = matchExpressions.map(({ key, operator, values = [] }) => {
    if (operator === 'Exists') return key
    if (operator === 'DoesNotExist') return `!${key}`
    return `${key} ${operator.toLowerCase()} (${values.join(',')})`
  })
  return [...labels, ...expressions].join(',')
}
