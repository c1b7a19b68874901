import { controllerOf, type Pod } from '@reckon/kubernetes'
import { indexOf } from './completion-index.ts'
import { targetNodeOf } from './target-node.ts'

/** Which of its owner's places a pod is made for: the slots of each are counted apart. Most owners have but one. */
export function placeOf(pod: Pod): string {
  switch (controllerOf(pod)?.kind) {
    case 'DaemonSet':
      return targetNodeOf(pod) ?? ''
    case 'Job':
      return String(indexOf(pod) ?? '')
    default:
      return ''
  }
}
