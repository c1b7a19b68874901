import { nodeTermTest, requiredNodes } from '@reckon/kubernetes'
import { type NodePlugin, relativeToBest } from '../framework.ts'

/** A pod's nodeSelector and required node affinity must hold; preferred terms count by their weight. */
export const nodeAffinity: NodePlugin = {
  name: 'NodeAffinity',
  points: ['filter', 'score'],
  judges: 'node',
  prepare(wants) {
    const isWanted = requiredNodes(wants)
    const preferred = (
      wants.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []
    ).map(({ preference, weight }) => ({ holds: nodeTermTest(preference), weight }))
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
