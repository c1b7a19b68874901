import type { ObjectChange, Objects, StoredObject } from '@reckon/domain'
import {
  controllerOf,
  isOf,
  type KubernetesObject,
  type LabelSelector,
  labelSelectorOf,
  matchesLabels,
  objectKey,
  type Resource,
} from '@reckon/kubernetes'

/** An owner's dependents of one resource and those that it may adopt, by name: what `claim` sorts. */
export function candidatesOf<T extends KubernetesObject>(
  { metadata: { uid = '', namespace = '' } }: KubernetesObject,
  { resource, selector }: { resource: Resource<T>; selector: LabelSelector },
  objects: Objects,
): T[] {
  const labels = labelSelectorOf(selector)
  const ofKind = ({ object }: StoredObject) => (isOf(resource, object) ? [object] : [])
  const owned = objects.ownedBy(uid).flatMap(ofKind)
  const orphans = objects
    .uncontrolled(resource, namespace)
    .flatMap(ofKind)
    .filter(({ metadata }) => matchesLabels(labels, metadata.labels))
  return [...new Set([...owned, ...orphans])].sort((a, b) =>
    a.metadata.name < b.metadata.name ? -1 : 1,
  )
}

/**
 * The keys of the owners of one resource that a changed dependent gives reason to look at: its controller of now and of
 * before; where it is an orphan, whichever selects it.
 */
export function keysOfOwners(
  { type, stored, before }: ObjectChange,
  owners: Resource,
  objects: Objects,
): readonly string[] {
  const { object } = stored
  const namespace = object.metadata.namespace ?? ''
  const controllers = [controllerOf(object), before && controllerOf(before.object)]
  const keys = controllers.flatMap((controller) =>
    controller?.kind === owners.kind ? [objectKey({ namespace, name: controller.name })] : [],
  )
  if (keys.length > 0 || controllerOf(object) || type === 'DELETED') return keys
  return objects.selecting(owners, object).map((owner) => objectKey(owner.object.metadata))
}
