import type { KubernetesObject, Pod, PodTemplateSpec } from '@reckon/kubernetes'
import { controllerReferenceTo } from './controller-reference.ts'

/** A pod of this name as its owner's template says. */
export function podOfTemplate(
  owner: KubernetesObject,
  template: PodTemplateSpec | undefined,
  name: string,
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
