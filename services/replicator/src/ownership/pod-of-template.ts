import type { KubernetesObject, Pod, PodTemplateSpec } from '@reckon/kubernetes'
import { controllerReferenceTo } from './controller-reference.ts'

/** A pod as its owner's template says; one without a name gets that of a slot. */
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
