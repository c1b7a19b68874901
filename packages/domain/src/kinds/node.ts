import type { KubernetesObject, Node } from '@reckon/kubernetes'
import type { KindRules } from './kind-rules.ts'
import { changedSpecFields } from './spec-changes.ts'

const isReady = (node: KubernetesObject): boolean | undefined => {
  const ready = (node as Node).status?.conditions?.find((condition) => condition.type === 'Ready')
  return ready && ready.status === 'True'
}

/** A Node's changes bear the names of what operators do and see: cordon, taint, ready. */
export const nodeRules: KindRules = {
  nameChange: (before, after) => {
    const changed = changedSpecFields(before, after)
    if (changed.length === 1 && changed[0] === 'unschedulable') {
      return (after as Node).spec.unschedulable ? 'NodeCordoned' : 'NodeUncordoned'
    }
    if (changed.length === 1 && changed[0] === 'taints') return 'NodeTaintsChanged'
    if (changed.length > 0 || isReady(before) === isReady(after)) return undefined
    return isReady(after) ? 'NodeBecameReady' : 'NodeBecameUnready'
  },
}
