import {
  controllerOf,
  isTerminating,
  type KubernetesObject,
  type LabelSelector,
  labelSelectorOf,
  matchesLabels,
} from '@reckon/kubernetes'

/** Dependents by what their owner is to do with them. */
export type Claim<T> = {
  /** Its own, as the selector says. */
  owned: readonly T[]
  /** Nobody's, and selected: they become its own. */
  adopted: readonly T[]
  /** Its own, and no longer selected: they become nobody's. */
  released: readonly T[]
}

/**
 * Which of the candidates are the owner's, by upstream's rules (ControllerRefManager): what another one controls is
 * left alone, an owner on its way out takes and gives nothing, and what is on its way out is not taken. Pure.
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
