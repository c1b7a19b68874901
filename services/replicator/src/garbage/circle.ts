import { isTerminating, type KubernetesObject } from '@reckon/kubernetes'

export const foregroundFinalizer = 'foregroundDeletion'

/** Whether an owner waits until this one is gone. */
export const isHeldBy = (owner: KubernetesObject, dependent: KubernetesObject): boolean =>
  dependent.metadata.ownerReferences?.some(
    ({ uid, blockOwnerDeletion }) => uid === owner.metadata.uid && blockOwnerDeletion === true,
  ) === true

/**
 * Whether an object that waits for its dependents waits for itself: each in turn is waited for and waits for the next.
 * Pure.
 */
export function isInCircle(
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
