import type { NodeVerdict } from '@reckon/domain'
import type { ExtensionPoint, Policy } from '../framework.ts'
import { type Choice, nextBest } from './choose.ts'
import type { Judgement } from './judge.ts'
import { rejectionIn } from './node-cell.ts'
import type { PodClass } from './pod-class.ts'
import type { Rejection, Rejections } from './rejections.ts'

/** A reason why nodes are out of the question, and how many it is true of. */
export type ReasonCount = { readonly reason: string; readonly count: number }

type Options = {
  pod: { readonly namespace?: string; readonly name: string }
  podClass: PodClass
  judgement: Judgement
  choice: Choice | undefined
  rejections: Rejections
}

/**
 * Where a pod goes, or that it fits nowhere. What led to it is looked up when asked for, in the cluster's state as it was then:
 * ask before that changes.
 */
export class Placement {
  readonly choice: Choice | undefined
  /** Absent: no node suits. */
  readonly nodeName: string | undefined
  readonly #options: Options

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

  /** In kube-scheduler's words. */
  get message(): string {
    const { pod } = this.#options
    if (this.nodeName !== undefined) {
      return `Successfully assigned ${pod.namespace}/${pod.name} to ${this.nodeName}`
    }
    if (this.nodeCount === 0) return 'no nodes available to schedule pods'
    return `0/${this.nodeCount} nodes are available: ${this.reasons.map(lineOf).join(', ')}.`
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
    const { podClass, judgement, rejections } = this.#options
    const { cluster, ranking, exceptions, policy } = podClass
    const node = cluster.slots.nameOf(slot)
    const cell = ranking.cells[slot] ?? -1
    if (cell < 0) return rejected(node, rejections.at(rejectionIn(cell)), policy)
    const exceptional = exceptions?.of(slot)?.exceptional
    const group = Math.floor(cell / ranking.scoreCount)
    const isIts = (each: { group: number; exceptional: object | undefined }) =>
      each.group === group && each.exceptional === exceptional
    const rejection = judgement.rejected.find(({ candidate }) => isIts(candidate))?.rejection
    if (rejection !== undefined) return rejected(node, rejection, policy)
    const index = judgement.suiting.findIndex(isIts)
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

/** The plugins of a policy that take part there, in its order. */
export const pluginsAt = ({ plugins }: Policy, point: ExtensionPoint): string[] =>
  plugins.flatMap(({ plugin }) => (plugin.points.includes(point) ? [plugin.name] : []))
