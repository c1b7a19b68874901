import { controllerOf, type KubernetesObject, type OwnerReference } from '@reckon/kubernetes'

/** The owner reference to an object's controller; the garbage collector deletes the object with it. */
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
