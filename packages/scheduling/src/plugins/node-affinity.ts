import { type Affinity, labelSelectorOf, matchesLabels, type Node } from '@reckon/kubernetes'
import { type NodePlugin, relativeToBest } from '../framework.ts'
import type { NodeWants } from '../state/pod-traits.ts'

type NodeAffinity = NonNullable<Affinity['nodeAffinity']>
type Required = NonNullable<NodeAffinity['requiredDuringSchedulingIgnoredDuringExecution']>
type Term = Required['nodeSelectorTerms'][number]

/** A pod's nodeSelector and required node affinity must hold; preferred terms count by their weight. */
export const nodeAffinity: NodePlugin = {
  name: 'NodeAffinity',
  points: ['filter', 'score'],
  judges: 'node',
  prepare(wants) {
    const isWanted = requiredNodes(wants)
    const preferred = (
      wants.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []
    ).map(({ preference, weight }) => ({ holds: termTest(preference), weight }))
    return {
      filter: (node) =>
        isWanted(node) ? undefined : "node(s) didn't match Pod's node affinity/selector",
      score: (node) =>
        preferred
          .filter(({ holds }) => holds(node))
          .reduce((total, { weight }) => total + weight, 0),
      normalize: relativeToBest,
    }
  },
}

type Test = (node: Node) => boolean

/** Whether a node has what the pod's nodeSelector and its required node affinity ask for. */
export function requiredNodes({
  nodeSelector,
  nodeAffinity: affinity,
}: Pick<NodeWants, 'nodeSelector' | 'nodeAffinity'>): Test {
  const selector = labelSelectorOf({ matchLabels: { ...nodeSelector } })
  const required = affinity?.requiredDuringSchedulingIgnoredDuringExecution
  const terms = required?.nodeSelectorTerms.map(termTest)
  return (node) =>
    matchesLabels(selector, node.metadata.labels) &&
    (terms === undefined || terms.some((holds) => holds(node)))
}

/** A term without any requirement selects nothing. */
function termTest({ matchExpressions = [], matchFields = [] }: Term): Test {
  if (matchExpressions.length === 0 && matchFields.length === 0) return () => false
  const labels = labelSelectorOf({ matchExpressions })
  const fields = labelSelectorOf({ matchExpressions: matchFields })
  return ({ metadata }) =>
    matchesLabels(labels, metadata.labels) &&
    matchesLabels(fields, { 'metadata.name': metadata.name })
}
