import type { KubernetesObject, Pod, PodTemplateSpec } from '@reckon/kubernetes'
import { controllerReferenceTo } from './controller-reference.ts'

/** A pod by its owner's template; without a name it will be named after a slot. */
export function podOfTemplate(
  owner: KubernetesObject,
  template: PodTemplateSpec | undefined,
  name = '',
): Pod {
  const { labels, annotations, finalizers } = template?.metadata ?? {}
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      generateName: `${owner.metadata.name}-`,
      namespace: owner.metadata.namespace ?? '',
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ...(finalizers && { finalizers }),
      ownerReferences: [controllerReferenceTo(owner)],
    },
    spec: template?.spec ?? { containers: [] },
  }
}
