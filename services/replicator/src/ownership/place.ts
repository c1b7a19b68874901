import { controllerOf, type Pod } from '@reckon/kubernetes'
import { indexOf } from './completion-index.ts'
import { targetNodeOf } from './target-node.ts'

/**
 * The place of its owner that a pod is made for (such as an ordinal); each place has slots of its own. Most owners have
 * one.
 */
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
