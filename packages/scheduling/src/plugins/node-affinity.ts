import { type Affinity, nodeTermTest, requiredNodes } from '@reckon/kubernetes'
import { type NodePlugin, relativeToBest } from '../framework.ts'

type NodeAffinity = NonNullable<Affinity['nodeAffinity']>

/**
 * A pod's nodeSelector and required node affinity must hold; preferred terms count by their weight. The added affinity
 * applies to every pod besides its own.
 */
export const nodeAffinityWith = (added: NodeAffinity): NodePlugin => ({
  name: 'NodeAffinity',
  points: ['filter', 'score'],
  judges: 'node',
  prepare(wants) {
    const isAllowed = requiredNodes({ nodeAffinity: added })
    const isWanted = requiredNodes(wants)
    const preferred = [wants.nodeAffinity, added].flatMap(preferredTerms)
    return {
      filter(node) {
        if (!isAllowed(node)) return "node(s) didn't match scheduler-enforced node affinity"
        return isWanted(node) ? undefined : "node(s) didn't match Pod's node affinity/selector"
      },
      score: (node) =>
        preferred
          .filter(({ holds }) => holds(node))
          .reduce((total, { weight }) => total + weight, 0),
      normalize: relativeToBest,
    }
  },
})

export const nodeAffinity = nodeAffinityWith({})

const preferredTerms = (affinity: NodeAffinity | undefined) =>
  (affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(
    ({ preference, weight }) => ({ holds: nodeTermTest(preference), weight }),
  )
