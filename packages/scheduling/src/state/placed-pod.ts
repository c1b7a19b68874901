import type { Pod } from '@reckon/kubernetes'
import type { EqualPods } from './equal-pods.ts'

/** A pod that uses resources of a node. */
export type PlacedPod = {
  /** The pod in its last known state. */
  pod: Pod
  readonly uid: string
  readonly namespace: string
  readonly name: string
  readonly equal: EqualPods
  readonly slot: number
  /** RFC 3339; undefined until its agent has reported it. */
  startedAt: string | undefined
}

export function placedAt(slot: number, pod: Pod, equal: EqualPods): PlacedPod {
  const { uid = '', namespace = '', name } = pod.metadata
  return { pod, uid, namespace, name, equal, slot, startedAt: undefined }
}
