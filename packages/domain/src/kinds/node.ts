import { cidrProblem, type KubernetesObject, type Node } from '@reckon/kubernetes'
import type { Reservable } from '../reservation.ts'
import type { KindRules, Surroundings } from './kind-rules.ts'
import { canonicalRange, freeNodeRange } from './node-range.ts'
import { changedSpecFields } from './spec-changes.ts'

const isReady = (node: KubernetesObject): boolean | undefined => {
  const ready = (node as Node).status?.conditions?.find((condition) => condition.type === 'Ready')
  return ready && ready.status === 'True'
}

/**
 * A Node has a range of addresses for its pods, its own while it lives, unless none is left. Its changes bear the names
 * of what operators do and see: cordon, taint, ready.
 */
export const nodeRules: KindRules = {
  prepareCreate: withRange,
  prepareUpdate: (after, before, surroundings) =>
    (before as Node).spec.podCIDR ? after : withRange(after, surroundings),
  reservables: (object) =>
    rangesOf(object as Node)
      .filter((range) => cidrProblem(range) === '')
      .map((range): Reservable => {
        return { pool: 'podcidrs', value: canonicalRange(range), field: 'spec.podCIDR' }
      }),
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

function withRange(object: KubernetesObject, surroundings: Surroundings): KubernetesObject {
  const { spec, metadata } = object as Node
  const [podCIDR = freeNodeRange(metadata.name, surroundings)] = rangesOf(object as Node)
  return podCIDR ? { ...object, spec: { ...spec, podCIDR, podCIDRs: [podCIDR] } } : object
}

/** A Node has one range here; a client may give it in either field. */
const rangesOf = ({ spec }: Node): string[] => {
  const range = spec.podCIDR || spec.podCIDRs?.[0]
  return range ? [range] : []
}
