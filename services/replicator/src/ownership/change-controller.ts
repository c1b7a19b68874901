import type { KubernetesObject, OwnerReference } from '@reckon/kubernetes'
import type { Writer } from '../writer.ts'
import { controllerReferenceTo } from './controller-reference.ts'

/** Makes the owner the object's controller; refused where somebody else has taken it meanwhile. */
export const adopt = (
  object: KubernetesObject,
  owner: KubernetesObject,
  writer: Writer,
): Promise<void> =>
  changeOwners(object, writer, (owners) => [...owners, controllerReferenceTo(owner)])

/** Removes the object's controller. */
export const release = (
  object: KubernetesObject,
  owner: KubernetesObject,
  writer: Writer,
): Promise<void> =>
  changeOwners(object, writer, (owners) => owners.filter(({ uid }) => uid !== owner.metadata.uid))

const changeOwners = (
  object: KubernetesObject,
  writer: Writer,
  change: (owners: readonly OwnerReference[]) => OwnerReference[],
): Promise<void> =>
  writer.change(object, (current) => {
    const { ownerReferences: before = [], ...metadata } = current.metadata
    const ownerReferences = change(before)
    const isOwned = ownerReferences.length > 0
    return { ...current, metadata: { ...metadata, ...(isOwned && { ownerReferences }) } }
  })
