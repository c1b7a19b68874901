import type { Pod } from '@reckon/kubernetes'
import type { EqualPods } from './equal-pods.ts'

/** A pod that takes something from a node. */
export type PlacedPod = {
  /** As it was told of last. */
  pod: Pod
  readonly uid: string
  readonly namespace: string
  readonly name: string
  readonly equal: EqualPods
  readonly slot: number
  /** RFC 3339; undefined until its agent has told. */
  startedAt: string | undefined
}

export function placedAt(slot: number, pod: Pod, equal: EqualPods): PlacedPod {
  const { uid = '', namespace = '', name } = pod.metadata
  return { pod, uid, namespace, name, equal, slot, startedAt: undefined }
}
