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
  const known = knownOwn(owner, selector)
  const isSelected = ({ metadata }: T) => matchesLabels(wanted, metadata.labels)
  const isGoing = isTerminating(owner)
  const [owned, adopted, released]: [T[], T[], T[]] = [[], [], []]
  for (const object of candidates) {
    if (known.has(object)) {
      owned.push(object)
      continue
    }
    const controller = controllerOf(object)
    if (controller?.uid === owner.metadata.uid) {
      if (isSelected(object)) {
        owned.push(object)
        known.add(object)
      } else if (!isGoing) released.push(object)
    } else if (!controller && !isGoing && !isTerminating(object) && isSelected(object)) {
      adopted.push(object)
    }
  }
  return { owned, adopted, released }
}

/** By selector, of which each owner has its own: the owner's uid, and objects that are known to be its own. */
const ownBySelector = new WeakMap<LabelSelector, { uid: string; own: WeakSet<KubernetesObject> }>()

/**
 * The dependents of an owner that were looked at before: objects never change. Their references and labels lie
 * scattered in memory, and reading those of thousands took most of the time of a reconciliation.
 */
function knownOwn({ metadata: { uid = '' } }: KubernetesObject, selector: LabelSelector) {
  const known = ownBySelector.get(selector)
  if (known?.uid === uid) return known.own
  const own = new WeakSet<KubernetesObject>()
  ownBySelector.set(selector, { uid, own })
  return own
}
