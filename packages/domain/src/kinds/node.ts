import type { KubernetesObject } from '@reckon/kubernetes'
import { type Node, StatusError } from '@reckon/kubernetes'
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

/**
 * The Node as its agent reports it over what is recorded: the agent owns capacity, addresses and conditions; labels and
 * taints that people set stay.
 */
export function registered(
  current: KubernetesObject,
  reported: KubernetesObject,
): KubernetesObject {
  const [node, report] = [current as Node, reported as Node]
  if (node.metadata.name !== report.metadata.name) {
    throw new StatusError('Forbidden', `node ${report.metadata.name} is not ${node.metadata.name}`)
  }
  return {
    ...node,
    metadata: {
      ...node.metadata,
      // An empty map that was not there before would be a change.
      ...(report.metadata.labels && {
        labels: { ...node.metadata.labels, ...report.metadata.labels },
      }),
      ...(report.metadata.annotations && {
        annotations: { ...node.metadata.annotations, ...report.metadata.annotations },
      }),
    },
    spec: { ...node.spec, ...report.spec, ...(node.spec.taints && { taints: node.spec.taints }) },
    status: { ...node.status, ...report.status },
  } as Node
}
