import { type Plugin, relativeToBest, scoreMax } from '../framework.ts'
import { taintsOf, tolerates } from '../node-taints.ts'

/** Rejects nodes with a hard taint that the pod does not tolerate; prefers those with few soft ones. */
export const taintToleration: Plugin = {
  name: 'TaintToleration',
  filter(pod, { node }) {
    const taint = taintsOf(node).find(
      ({ effect, ...rest }) =>
        effect !== 'PreferNoSchedule' && !tolerates(pod.spec.tolerations, { effect, ...rest }),
    )
    if (taint === undefined) return undefined
    return `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`
  },
  score: (pod, { node }) =>
    taintsOf(node).filter(
      (taint) => taint.effect === 'PreferNoSchedule' && !tolerates(pod.spec.tolerations, taint),
    ).length,
  normalize: (intolerable) => relativeToBest(intolerable).map((score) => scoreMax - score),
}
