import type { ObjectChange, Objects } from '@reckon/domain'
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

/** An owner's dependents of one resource and those that it may adopt, in no order; input of `claim`. */
export function candidatesOf<T extends KubernetesObject>(
  { metadata: { uid = '', namespace = '' } }: KubernetesObject,
  { resource, selector }: { resource: Resource<T>; selector: LabelSelector },
  objects: Objects,
): T[] {
  const labels = labelSelectorOf(selector)
  const owned: T[] = []
  // A single pass: with thousands of dependents this dominates the time of a reconciliation.
  for (const { object } of objects.ownedBy(uid)) if (isOf(resource, object)) owned.push(object)
  const orphans = objects.uncontrolled(resource, namespace).flatMap(({ object }) => {
    const isSelected = isOf(resource, object) && matchesLabels(labels, object.metadata.labels)
    return isSelected ? [object] : []
  })
  return orphans.length === 0 ? owned : [...new Set([...owned, ...orphans])]
}

/** The same objects, by name. */
export const byName = <T extends KubernetesObject>(objects: readonly T[]): T[] =>
  objects.toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))

/**
 * The keys of the owners that a changed dependent concerns: its controllers before and after the change or, for an
 * orphan, every owner that selects it.
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
