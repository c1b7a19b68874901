import { controllerOf, type KubernetesObject } from '@reckon/kubernetes'
import { indexOf } from './completion-index.ts'

/** Which of its owner's places a pod is made for: the slots of each are counted apart. Most owners have but one. */
export function placeOf(pod: KubernetesObject): string {
  return controllerOf(pod)?.kind === 'Job' ? String(indexOf(pod) ?? '') : ''
}
