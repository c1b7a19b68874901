import {
  holds,
  type KubernetesObject,
  madeOn,
  makingNodeOf,
  objectKey,
  persistentVolumeClaims,
  persistentVolumes,
} from '@reckon/kubernetes'

type Held = { object: KubernetesObject }

/**
 * The node of an object that belongs to one, besides what pods name: a claim that waits for a volume of that node, and
 * volumes made there.
 */
export function homeOf(known: Held): string | undefined {
  if (holds(persistentVolumeClaims, known)) return makingNodeOf(known.object)
  return holds(persistentVolumes, known) ? madeOn(known.object) : undefined
}

/** The key of the volume that a claim names: who may know the claim may know that, too. */
export function volumeKeyOf(known: Held | undefined): string | undefined {
  if (known === undefined || !holds(persistentVolumeClaims, known)) return undefined
  const { volumeName } = known.object.spec
  return volumeName ? `persistentvolumes ${objectKey({ name: volumeName })}` : undefined
}
