import type { Affinity, Node } from '../object.ts'
import { labelSelectorOf, matchesLabels } from './label-selectors.ts'

type NodeAffinity = NonNullable<Affinity['nodeAffinity']>
type Required = NonNullable<NodeAffinity['requiredDuringSchedulingIgnoredDuringExecution']>
type Term = Required['nodeSelectorTerms'][number]

/** A pod's constraints on nodes. */
type NodeConstraints = {
  readonly nodeSelector?: Readonly<Record<string, string>> | undefined
  readonly nodeAffinity?: NodeAffinity | undefined
}

type Test = (node: Node) => boolean

/** A test of whether a node satisfies the nodeSelector and required node affinity. */
export function requiredNodes({ nodeSelector, nodeAffinity: affinity }: NodeConstraints): Test {
  const selector = labelSelectorOf({ matchLabels: { ...nodeSelector } })
  const required = affinity?.requiredDuringSchedulingIgnoredDuringExecution
  const terms = required?.nodeSelectorTerms.map(nodeTermTest)
  return (node) =>
    matchesLabels(selector, node.metadata.labels) &&
    (terms === undefined || terms.some((holds) => holds(node)))
}

/** A test of whether a node satisfies a term; a term without requirements selects nothing. */
export function nodeTermTest({ matchExpressions = [], matchFields = [] }: Term): Test {
  if (matchExpressions.length === 0 && matchFields.length === 0) return () => false
  const labels = labelSelectorOf({ matchExpressions })
  const fields = labelSelectorOf({ matchExpressions: matchFields })
  return ({ metadata }) =>
    matchesLabels(labels, metadata.labels) &&
    matchesLabels(fields, { 'metadata.name': metadata.name })
}
