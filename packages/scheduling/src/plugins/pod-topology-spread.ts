import { labelSelectorOf, matchesLabels, requiredNodes, type Selector } from '@reckon/kubernetes'
import { type Lasting, scoreMax, type TopologyPlugin } from '../framework.ts'
import type { Counting, TopologyCount } from '../placing/counting.ts'
import type { EligibleNodes } from '../placing/eligible-nodes.ts'
import type { Group } from '../placing/group.ts'
import { requirementsOf } from '../state/affinity-term.ts'
import { isHard, untoleratedTaint } from '../state/node-taints.ts'
import type { PodTraits, SpreadConstraint } from '../state/pod-traits.ts'

const hostname = 'kubernetes.io/hostname'

/** The reason for a node that lacks a label; no change of pods removes it. */
export const missingTopology =
  "node(s) didn't match pod topology spread constraints (missing required label)"

/** The constraints for pods that have none of their own. */
type Defaults = {
  readonly constraints: readonly SpreadConstraint[]
  /** Whether nodes without a topology label count, as with upstream's system defaults. */
  readonly areSystems: boolean
}

/** Upstream's system defaults. */
const systemConstraints: readonly SpreadConstraint[] = [
  { maxSkew: 3, topologyKey: hostname, whenUnsatisfiable: 'ScheduleAnyway' },
  { maxSkew: 5, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway' },
]

/** A constraint with the pods that it counts. */
type Constraint = {
  readonly maxSkew: number
  readonly minDomains: number
  readonly isSelfCounted: boolean
  readonly isByNode: boolean
  readonly count: TopologyCount
}

/**
 * Keeps the pods that a constraint selects even over the domains of a topology: a hard constraint rejects, a soft one
 * scores. After kube-scheduler's PodTopologySpread.
 */
export const podTopologySpreadWith = ({ constraints, areSystems }: Defaults): TopologyPlugin => ({
  name: 'PodTopologySpread',
  points: ['filter', 'score'],
  judges: 'topology',
  helpedBy: ['PodEnded', 'PodPlaced', 'PodChanged'],
  prepare(pod, counting) {
    const isDefault = pod.spread.length === 0
    const selector = isDefault ? counting.cluster.selectors.of(pod) : 'Nothing'
    if (isDefault && selector === 'Nothing') return undefined
    const written = isDefault ? constraints : pod.spread
    const needsAllTopologies = !isDefault || !areSystems
    const chosen = (when: string) =>
      written.filter(({ whenUnsatisfiable }) => whenUnsatisfiable === when)
    const context = { pod, counting, needsAllTopologies, ...(isDefault && { selector }) }
    const hard = constraintsOf(chosen('DoNotSchedule'), context)
    const soft = constraintsOf(chosen('ScheduleAnyway'), { ...context, isScored: true })
    return {
      filter: (group) => violation(hard, group),
      ...(soft.length > 0 && { score: (groups) => scoresOf(soft, groups, needsAllTopologies) }),
    }
  },
})

export const podTopologySpread = podTopologySpreadWith({
  constraints: systemConstraints,
  areSystems: true,
})

function violation(constraints: readonly Constraint[], group: Group): string | Lasting | undefined {
  for (const { count, maxSkew, minDomains, isSelfCounted } of constraints) {
    if (!count.has(group)) {
      return { lasting: [missingTopology] }
    }
    const { sums } = count
    const least = sums.domainCount < minDomains ? 0 : sums.minimum
    const skew = count.of(group) + (isSelfCounted ? 1 : 0) - least
    if (skew > maxSkew) return "node(s) didn't match pod topology spread constraints"
  }
  return undefined
}

function scoresOf(
  constraints: readonly Constraint[],
  groups: readonly Group[],
  needsAllTopologies: boolean,
): readonly number[] {
  const isScored = (group: Group) =>
    !needsAllTopologies || constraints.every(({ count }) => count.has(group))
  const scored = groups.filter(isScored)
  const weights = constraints.map((constraint) => Math.log(domainCount(constraint, scored) + 2))
  const raw = groups.map((group) => {
    if (!isScored(group)) return undefined
    let score = 0
    for (const [index, { count, maxSkew }] of constraints.entries()) {
      if (count.has(group)) score += count.of(group) * (weights[index] ?? 0) + (maxSkew - 1)
    }
    return Math.round(score)
  })
  const given = raw.filter((score) => score !== undefined)
  const best = given.reduce((a, b) => Math.max(a, b), 0)
  const least = given.reduce((a, b) => Math.min(a, b), Number.MAX_SAFE_INTEGER)
  return raw.map((score) => {
    if (score === undefined) return 0
    return best === 0 ? scoreMax : Math.floor((scoreMax * (best + least - score)) / best)
  })
}

/** How many domains the groups lie in; upstream counts every node for a hostname, and "no value" as one domain. */
function domainCount({ count, isByNode }: Constraint, groups: readonly Group[]): number {
  if (isByNode) return groups.reduce((sum, { size }) => sum + size, 0)
  const isMissing = groups.some((group) => !count.has(group))
  return count.domainsAmong(groups) + (isMissing ? 1 : 0)
}

type Context = {
  pod: PodTraits
  counting: Counting
  needsAllTopologies: boolean
  isScored?: boolean
  selector?: Selector
}

function constraintsOf(
  written: readonly SpreadConstraint[],
  { pod, counting, needsAllTopologies, isScored = false, selector: given }: Context,
): Constraint[] {
  const keys = needsAllTopologies ? written.map(({ topologyKey }) => topologyKey) : []
  return written.map((constraint) => {
    const { topologyKey, maxSkew, minDomains = 1 } = constraint
    const selector = given ?? selectorOf(constraint, pod)
    const name = JSON.stringify(['spread', pod.namespace, selector])
    const counter = counting.cluster.counter(
      name,
      ({ namespace, labels, isTerminating }) =>
        !isTerminating && namespace === pod.namespace && matchesLabels(selector, labels),
      selector,
    )
    const isByNode = isScored && topologyKey === hostname
    const count = isByNode
      ? counting.onNodes(counter, topologyKey, counting.eligible('all', { keys: [] }))
      : counting.inDomains(counter, topologyKey, eligibleNodes(constraint, { pod, counting, keys }))
    const isSelfCounted = matchesLabels(selector, pod.labels)
    return { maxSkew, minDomains, isSelfCounted, isByNode, count }
  })
}

function selectorOf(
  { labelSelector, matchLabelKeys = [] }: SpreadConstraint,
  pod: PodTraits,
): Selector {
  const selector = labelSelectorOf(labelSelector)
  if (selector === 'Nothing') return selector
  return [...selector, ...requirementsOf(matchLabelKeys, pod.labels, 'In')]
}

/** The nodes whose pods and domains a constraint counts: those with all its keys, by its inclusion policies. */
function eligibleNodes(
  { nodeAffinityPolicy = 'Honor', nodeTaintsPolicy = 'Ignore' }: SpreadConstraint,
  { pod, counting, keys }: { pod: PodTraits; counting: Counting; keys: readonly string[] },
): EligibleNodes {
  const { nodeSelector, nodeAffinity, tolerations } = pod.nodeWants
  const heedsAffinity = nodeAffinityPolicy === 'Honor'
  const heedsTaints = nodeTaintsPolicy === 'Honor'
  const required = nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  const isRestricted =
    heedsTaints ||
    (heedsAffinity && (required !== undefined || Object.keys(nodeSelector).length > 0))
  if (!isRestricted) return counting.eligible(JSON.stringify(keys), { keys })
  const isWanted = requiredNodes(pod.nodeWants)
  const name = JSON.stringify([
    keys,
    heedsAffinity && [nodeSelector, required],
    heedsTaints && tolerations,
  ])
  return counting.eligible(name, {
    keys,
    test: (node) =>
      (!heedsAffinity || isWanted(node)) &&
      (!heedsTaints || !untoleratedTaint(node.spec.taints ?? [], tolerations, isHard)),
  })
}
