import {
  controllerOf,
  isTerminating,
  type KubernetesObject,
  type LabelSelector,
  labelSelectorOf,
  matchesLabels,
} from '@reckon/kubernetes'

/** Dependents by what their owner must do with them. */
export type Claim<T> = {
  /** Its own, matching the selector. */
  owned: readonly T[]
  /** Orphans that match the selector, to adopt. */
  adopted: readonly T[]
  /** Its own that no longer match the selector, to release. */
  released: readonly T[]
}

/**
 * Sorts candidates by upstream's rules (ControllerRefManager): dependents of another controller are left alone, an
 * owner that is being deleted adopts and releases nothing, and a dependent that is being deleted is not adopted. Pure.
 */
export function claim<T extends KubernetesObject>(
  owner: KubernetesObject,
  candidates: readonly T[],
  selector: LabelSelector,
): Claim<T> {
  const wanted = labelSelectorOf(selector)
  const isSelected = ({ metadata }: T) => matchesLabels(wanted, metadata.labels)
  const isGoing = isTerminating(owner)
  const [owned, adopted, released]: [T[], T[], T[]] = [[], [], []]
  for (const object of candidates) {
    const controller = controllerOf(object)
    if (controller?.uid === owner.metadata.uid) {
      if (isSelected(object)) owned.push(object)
      else if (!isGoing) released.push(object)
    } else if (!controller && !isGoing && !isTerminating(object) && isSelected(object)) {
      adopted.push(object)
    }
  }
  return { owned, adopted, released }
}
