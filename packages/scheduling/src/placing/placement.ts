import type { NodeVerdict } from '@reckon/domain'
import type { ExtensionPoint, Policy, Preemption } from '../framework.ts'
import { Trial } from '../preempting/trial.ts'
import type { Unplaced } from '../preempting/unplaced.ts'
import type { PodTraits } from '../state/pod-traits.ts'
import { type Choice, nextBest } from './choose.ts'
import type { Judgement } from './judge.ts'
import type { PodClass } from './pod-class.ts'
import type { Rejection, Rejections } from './rejections.ts'
import { standingAt } from './standing.ts'

/** A reason why nodes are out of the question, and how many it is true of. */
export type ReasonCount = { readonly reason: string; readonly count: number }

type Options = {
  pod: { readonly namespace?: string; readonly name: string; readonly uid?: string }
  traits: PodTraits
  podClass: PodClass
  judgement: Judgement
  choice: Choice | undefined
  rejections: Rejections
}

/**
 * Where a pod goes, or that it fits nowhere. What led to it is looked up when asked for, in the cluster's state as it
 * was then: ask before that changes.
 */
export class Placement {
  readonly choice: Choice | undefined
  /** Absent: no node suits. */
  readonly nodeName: string | undefined
  readonly #options: Options
  #preemption: Preemption | undefined

  constructor(options: Options) {
    const { choice, podClass } = options
    this.choice = choice
    this.nodeName = choice && podClass.cluster.slots.nameOf(choice.slot)
    this.#options = options
  }

  get nodeCount(): number {
    return this.#options.podClass.cluster.nodeCount
  }

  /** How many nodes suit. */
  get suitingCount(): number {
    return this.#options.judgement.suiting.reduce((sum, { size }) => sum + size, 0)
  }

  /** Each reason with the number of nodes that it keeps the pod off, sorted as text. */
  get reasons(): ReasonCount[] {
    const counts = new Map<string, number>()
    for (const { rejection, count } of this.#rejections()) {
      for (const reason of rejection.reasons) counts.set(reason, (counts.get(reason) ?? 0) + count)
    }
    return [...counts]
      .map(([reason, count]) => ({ reason, count }))
      .sort((a, b) => (lineOf(a) < lineOf(b) ? -1 : 1))
  }

  /** The plugins that keep the pod off some node. */
  get rejectedBy(): Set<string> {
    return new Set(this.#rejections().map(({ rejection }) => rejection.plugin))
  }

  /** In kube-scheduler's words, without why nobody leaves for the pod. */
  get verdict(): string {
    const { pod } = this.#options
    if (this.nodeName !== undefined) {
      return `Successfully assigned ${pod.namespace}/${pod.name} to ${this.nodeName}`
    }
    if (this.nodeCount === 0) return 'no nodes available to schedule pods'
    return `0/${this.nodeCount} nodes are available: ${this.reasons.map(lineOf).join(', ')}.`
  }

  /** In kube-scheduler's words. */
  get message(): string {
    const { preemption, verdict } = this
    if (preemption === undefined || 'nomination' in preemption) return verdict
    return `${verdict} preemption: ${preemption.refusal}`
  }

  /** Whether a node is kept for the pod that none suits; undefined where that was not asked. */
  get preemption(): Preemption | undefined {
    if (this.#preemption !== undefined) return this.#preemption
    if (this.nodeName !== undefined || this.nodeCount === 0) return undefined
    const { plugins } = this.#options.podClass.policy
    const [plugin] = plugins.flatMap((each) =>
      each.plugin.judges === 'unplaced' ? each.plugin : [],
    )
    this.#preemption = plugin?.preempt(this.unplaced)
    return this.#preemption
  }

  /** What those get to see that are asked about a pod which no node suits. */
  get unplaced(): Unplaced {
    const { podClass, pod, traits, rejections } = this.#options
    const resolvable = this.#rejections().filter(({ rejection }) => !rejection.isLasting)
    return {
      uid: pod.uid ?? '',
      ...{ traits, cluster: podClass.cluster, likes: podClass },
      looksAround: podClass.sums.size > 0,
      resolvableCount: resolvable.reduce((sum, { count }) => sum + count, 0),
      rejectionAt: (slot) => standingAt(slot, this.#options)?.rejection,
      trialAt: (slot) => new Trial(podClass, rejections, slot),
    }
  }

  /** Every node's verdict, by name. */
  verdicts(): NodeVerdict[] {
    const { cluster } = this.#options.podClass
    const slots = cluster.slots.order.subarray(0, cluster.slots.count)
    return Array.from(slots, (slot) => this.verdictOf(slot))
  }

  /** The chosen node's verdict, then those of the best others, by name where they are equal. */
  best(max: number): NodeVerdict[] {
    if (this.choice === undefined) return []
    const { podClass, judgement } = this.#options
    const { slot: chosen } = this.choice
    const found = [chosen, ...nextBest(podClass, judgement, { chosen, max: max - 1 })]
    return found.map((slot) => this.verdictOf(slot))
  }

  verdictOf(slot: number): NodeVerdict {
    const { podClass, judgement } = this.#options
    const { cluster, ranking, policy } = podClass
    const node = cluster.slots.nameOf(slot)
    const standing = standingAt(slot, this.#options)
    if (standing === undefined || standing.rejection) {
      return rejected(node, standing?.rejection, policy)
    }
    const { suiting: index } = standing
    const own = ranking.scorers.map(({ plugin, weight, rule }) => {
      return [plugin, weight * (rule.score?.(slot) ?? 0)] as const
    })
    const ofGroup = judgement.scores.map(
      ({ plugin, values }) => [plugin, values[index] ?? 0] as const,
    )
    const given = new Map([...own, ...ofGroup])
    const scores = policy.plugins.flatMap(({ plugin: { name } }) => {
      const score = given.get(name)
      return score === undefined ? [] : [[name, score] as const]
    })
    const total = scores.reduce((sum, [, score]) => sum + score, 0)
    return { node, passed: pluginsAt(policy, 'filter'), scores: Object.fromEntries(scores), total }
  }

  #rejections(): { rejection: Rejection; count: number }[] {
    const { podClass, judgement, rejections } = this.#options
    const ofNodes = podClass.ranking.rejected.flatMap((count, id) => {
      const rejection = rejections.at(id)
      return rejection && count > 0 ? [{ rejection, count }] : []
    })
    const ofGroups = judgement.rejected.map(({ candidate, rejection }) => ({
      rejection,
      count: candidate.size,
    }))
    return [...ofNodes, ...ofGroups]
  }
}

const lineOf = ({ reason, count }: ReasonCount): string => `${count} ${reason}`

function rejected(node: string, rejection: Rejection | undefined, policy: Policy): NodeVerdict {
  const { plugin = '', reasons = [] } = rejection ?? {}
  const filters = pluginsAt(policy, 'filter')
  const passed = filters.slice(0, filters.indexOf(plugin))
  return { node, rejectedBy: { plugin, reason: reasons.join(', ') }, passed }
}

/** Asked for with each verdict. */
const taking = new WeakMap<Policy, Map<ExtensionPoint, readonly string[]>>()

/** The plugins of a policy that take part there, in its order. */
export function pluginsAt(policy: Policy, point: ExtensionPoint): readonly string[] {
  const ofPolicy = taking.get(policy) ?? new Map<ExtensionPoint, readonly string[]>()
  taking.set(policy, ofPolicy)
  const known = ofPolicy.get(point)
  if (known !== undefined) return known
  const names = policy.plugins.flatMap(({ plugin }) =>
    plugin.points.includes(point) ? [plugin.name] : [],
  )
  ofPolicy.set(point, names)
  return names
}
