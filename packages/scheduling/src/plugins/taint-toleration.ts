import { type NodePlugin, relativeToBest, scoreMax } from '../framework.ts'
import { isHard, taintsOf, untoleratedTaint } from '../state/node-taints.ts'

/** Rejects nodes with a hard taint that the pod does not tolerate; prefers those with few soft ones. */
export const taintToleration: NodePlugin = {
  name: 'TaintToleration',
  points: ['filter', 'score'],
  judges: 'node',
  prepare({ tolerations }) {
    return {
      filter(node) {
        const taint = untoleratedTaint(taintsOf(node), tolerations, isHard)
        if (taint === undefined) return undefined
        return `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`
      },
      score: (node) =>
        taintsOf(node).filter((taint) => untoleratedTaint([taint], tolerations, isSoft)).length,
      normalize: (intolerable) => relativeToBest(intolerable).map((score) => scoreMax - score),
    }
  },
}

const isSoft = (effect: string): boolean => !isHard(effect)
