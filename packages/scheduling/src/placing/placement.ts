import type { NodeVerdict, VerdictTable } from '@reckon/domain'
import type { Preemption } from '../framework.ts'
import { Trial } from '../preempting/trial.ts'
import type { Unplaced } from '../preempting/unplaced.ts'
import type { PodTraits } from '../state/pod-traits.ts'
import { type Choice, nextBest } from './choose.ts'
import type { Judgement } from './judge.ts'
import { tableAt, tableOfAll } from './judged-table.ts'
import type { PodClass } from './pod-class.ts'
import type { Rejection, Rejections } from './rejections.ts'
import { standingAt } from './standing.ts'
import { verdictsIn } from './verdict-table.ts'

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
 * The node of a pod, or that it fits nowhere. The explanation is computed on request from the cluster's state, which must
 * not have changed since.
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
    const rejections = this.#rejections()
    if (rejections.length === 0) return []
    const counts = new Map<string, number>()
    for (const { rejection, count } of rejections) {
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

  /** What plugins see that are called for a pod which fits no node. */
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

  /** Every node's verdict, by name, as it is recorded. */
  table(): VerdictTable {
    return tableOfAll(this.#options)
  }

  /** The same, one by one. */
  verdicts(): NodeVerdict[] {
    return verdictsIn(this.table())
  }

  /** The chosen node's verdict, then those of the best others, by name where they are equal; where one suits. */
  leading(max: number): VerdictTable | undefined {
    if (this.choice === undefined) return undefined
    const { podClass, judgement } = this.#options
    const { slot, level } = this.choice
    const others = nextBest(podClass, judgement, { slot, level, max: max - 1 })
    return tableAt([slot, ...others], this.#options)
  }

  /** The same, one by one. */
  best(max: number): NodeVerdict[] {
    const leading = this.leading(max)
    return leading ? verdictsIn(leading) : []
  }

  /** One node's verdict. */
  verdictOf(slot: number): NodeVerdict | undefined {
    return verdictsIn(tableAt([slot], this.#options))[0]
  }

  #rejections(): { rejection: Rejection; count: number }[] {
    const { podClass, judgement, rejections } = this.#options
    const found: { rejection: Rejection; count: number }[] = []
    for (const [id, count] of podClass.ranking.rejected) {
      const rejection = rejections.at(id)
      if (rejection && count > 0) found.push({ rejection, count })
    }
    for (const { candidate, rejection } of judgement.rejected) {
      found.push({ rejection, count: candidate.size })
    }
    return found
  }
}

const lineOf = ({ reason, count }: ReasonCount): string => `${count} ${reason}`
