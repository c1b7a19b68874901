import type { Pod } from '@reckon/kubernetes'
import type { EqualPods } from './equal-pods.ts'

/** A pod that takes something from a node. */
export type PlacedPod = {
  readonly uid: string
  readonly namespace: string
  readonly name: string
  readonly equal: EqualPods
  readonly slot: number
  /** RFC 3339; undefined until its agent has told. */
  startedAt: string | undefined
}

export function placedAt(slot: number, { metadata }: Pod, equal: EqualPods): PlacedPod {
  const { uid = '', namespace = '', name } = metadata
  return { uid, namespace, name, equal, slot, startedAt: undefined }
}
