import type { Affinity, Node } from '../object.ts'
import { labelSelectorOf, matchesLabels } from './label-selectors.ts'

type NodeAffinity = NonNullable<Affinity['nodeAffinity']>
type Required = NonNullable<NodeAffinity['requiredDuringSchedulingIgnoredDuringExecution']>
type Term = Required['nodeSelectorTerms'][number]

/** What a pod says of the nodes that it may run on. */
type NodeConstraints = {
  readonly nodeSelector?: Readonly<Record<string, string>> | undefined
  readonly nodeAffinity?: NodeAffinity | undefined
}

type Test = (node: Node) => boolean

/** Whether a node has what the pod's nodeSelector and its required node affinity ask for. */
export function requiredNodes({ nodeSelector, nodeAffinity: affinity }: NodeConstraints): Test {
  const selector = labelSelectorOf({ matchLabels: { ...nodeSelector } })
  const required = affinity?.requiredDuringSchedulingIgnoredDuringExecution
  const terms = required?.nodeSelectorTerms.map(nodeTermTest)
  return (node) =>
    matchesLabels(selector, node.metadata.labels) &&
    (terms === undefined || terms.some((holds) => holds(node)))
}

/** Whether a node is what a term says; one without any requirement selects nothing. */
export function nodeTermTest({ matchExpressions = [], matchFields = [] }: Term): Test {
  if (matchExpressions.length === 0 && matchFields.length === 0) return () => false
  const labels = labelSelectorOf({ matchExpressions })
  const fields = labelSelectorOf({ matchExpressions: matchFields })
  return ({ metadata }) =>
    matchesLabels(labels, metadata.labels) &&
    matchesLabels(fields, { 'metadata.name': metadata.name })
}
