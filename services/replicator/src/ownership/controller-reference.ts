import { controllerOf, type KubernetesObject, type OwnerReference } from '@reckon/kubernetes'

/** What a dependent says of the one object that controls it: the garbage collector deletes it with that one. */
export const controllerReferenceTo = ({
  apiVersion,
  kind,
  metadata,
}: KubernetesObject): OwnerReference => ({
  apiVersion,
  kind,
  name: metadata.name,
  uid: metadata.uid ?? '',
  controller: true,
  blockOwnerDeletion: true,
})

export const isControlledBy = (object: KubernetesObject, { metadata }: KubernetesObject): boolean =>
  controllerOf(object)?.uid === metadata.uid
