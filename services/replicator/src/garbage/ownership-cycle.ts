import { isTerminating, type KubernetesObject } from '@reckon/kubernetes'

export const foregroundFinalizer = 'foregroundDeletion'

/** Whether an owner waits for the deletion of this dependent. */
export const isHeldBy = (owner: KubernetesObject, dependent: KubernetesObject): boolean =>
  dependent.metadata.ownerReferences?.some(
    ({ uid, blockOwnerDeletion }) => uid === owner.metadata.uid && blockOwnerDeletion === true,
  ) === true

/** Whether an object that waits for its dependents indirectly waits for itself. Pure. */
export function isInCycle(
  object: KubernetesObject,
  dependentsOf: (owner: KubernetesObject) => readonly KubernetesObject[],
): boolean {
  const seen = new Set<string>()
  const left = [object]
  for (let owner = left.pop(); owner !== undefined; owner = left.pop()) {
    if (!isTerminating(owner) || !owner.metadata.finalizers?.includes(foregroundFinalizer)) continue
    for (const dependent of dependentsOf(owner)) {
      const { uid = '' } = dependent.metadata
      if (seen.has(uid) || !isHeldBy(owner, dependent)) continue
      if (uid === object.metadata.uid) return true
      seen.add(uid)
      left.push(dependent)
    }
  }
  return false
}
