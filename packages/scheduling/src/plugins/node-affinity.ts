import { type Affinity, labelSelectorOf, matchesLabels } from '@reckon/kubernetes'
import type { NodeState } from '../cluster-state.ts'
import { type Plugin, relativeToBest } from '../framework.ts'

type NodeAffinity = NonNullable<Affinity['nodeAffinity']>
type Required = NonNullable<NodeAffinity['requiredDuringSchedulingIgnoredDuringExecution']>
type Term = Required['nodeSelectorTerms'][number]

/** A pod's nodeSelector and required node affinity must hold; preferred terms count by their weight. */
export const nodeAffinity: Plugin = {
  name: 'NodeAffinity',
  filter(pod, node) {
    const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
    const selected = matchesLabels(
      labelSelectorOf({ matchLabels: pod.spec.nodeSelector ?? {} }),
      node.node.metadata.labels,
    )
    const affine = !required || required.nodeSelectorTerms.some((term) => holds(term, node))
    return selected && affine ? undefined : "node(s) didn't match Pod's node affinity/selector"
  },
  score(pod, node) {
    const preferred =
      pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []
    return preferred
      .filter(({ preference }) => holds(preference, node))
      .reduce((total, { weight }) => total + weight, 0)
  },
  normalize: relativeToBest,
}

/** A term without any requirement selects nothing. */
function holds({ matchExpressions = [], matchFields = [] }: Term, { node, name }: NodeState) {
  if (matchExpressions.length === 0 && matchFields.length === 0) return false
  return (
    matchesLabels(labelSelectorOf({ matchExpressions }), node.metadata.labels) &&
    matchesLabels(labelSelectorOf({ matchExpressions: matchFields }), { 'metadata.name': name })
  )
}
