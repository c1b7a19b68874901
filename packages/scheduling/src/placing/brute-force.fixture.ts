import {
  amountsOf,
  hostPortsClash,
  hostPortsOf,
  labelSelectorOf,
  matchesLabels,
  type Node,
  ownValue,
  type Pod,
  podRequests,
  podRequestsForScoring,
} from '@reckon/kubernetes'
import type { NodePlugin, NodeRule } from '../framework.ts'
import { imageLocality } from '../plugins/image-locality.ts'
import { nodeAffinity } from '../plugins/node-affinity.ts'
import { nodeUnschedulable } from '../plugins/node-unschedulable.ts'
import { taintToleration } from '../plugins/taint-toleration.ts'
import { ClusterState } from '../state/cluster-state.ts'
import { untoleratedTaint } from '../state/node-taints.ts'
import { type PodTraits, type SpreadConstraint, traitsOf } from '../state/pod-traits.ts'
import { AffinityByForce } from './affinity-by-force.fixture.ts'
import { labelOf, type PlainCluster } from './plain-cluster.fixture.ts'

/** What every node comes out at: reasons, or its total. */
export type Outcome = Map<string, readonly string[] | number>

type Scored = Map<Node, number>

/** Kubernetes' rules, node by node and pod by pod as they are written down, with nothing kept and nothing shared. */
export function judgeByForce(pod: Pod, plain: PlainCluster): Outcome {
  const twin = new ByForce(pod, plain)
  const outcome: Outcome = new Map()
  const suiting: Node[] = []
  for (const node of plain.nodes.values()) {
    const reasons = twin.reasonsAt(node)
    if (reasons.length > 0) outcome.set(node.metadata.name, reasons)
    else suiting.push(node)
  }
  const scores = twin.scoresOf(suiting)
  for (const node of suiting) {
    outcome.set(
      node.metadata.name,
      scores.reduce((sum, { weight, of }) => sum + weight * (of.get(node) ?? 0), 0),
    )
  }
  return outcome
}

class ByForce {
  readonly #pod: PodTraits
  readonly #source: Pod
  readonly #plain: PlainCluster
  readonly #affinity: AffinityByForce
  /** For the plugins that look at one Node alone, and for what a namespace is labelled. */
  readonly #state: ClusterState

  constructor(pod: Pod, plain: PlainCluster) {
    this.#source = pod
    this.#pod = traitsOf(pod, '')
    this.#plain = plain
    this.#state = new ClusterState()
    for (const node of plain.nodes.values()) this.#state.setNode(node)
    for (const [name, labels] of plain.namespaces) this.#state.setNamespace(name, labels)
    this.#affinity = new AffinityByForce(this.#pod, plain, this.#state.namespaces)
  }

  reasonsAt(node: Node): readonly string[] {
    for (const plugin of [nodeUnschedulable, taintToleration, nodeAffinity]) {
      const reason = this.#rule(plugin)?.filter?.(node)
      if (reason) return [reason]
    }
    const taken = this.#podsOn(node).flatMap(hostPortsOf)
    if (
      hostPortsOf(this.#source).some((port) => taken.some((other) => hostPortsClash(port, other)))
    ) {
      return ["node(s) didn't have free ports for the requested pod ports"]
    }
    const lacking = this.#lackingAt(node)
    if (lacking.length > 0) return lacking
    const reason = this.#spreadReason(node) ?? this.#affinity.reasonAt(node)
    return reason ? [reason] : []
  }

  scoresOf(suiting: readonly Node[]): { weight: number; of: Scored }[] {
    return [
      { weight: 3, of: this.#byRule(taintToleration, suiting) },
      { weight: 2, of: this.#byRule(nodeAffinity, suiting) },
      { weight: 1, of: this.#byRule(imageLocality, suiting) },
      { weight: 1, of: this.#each(suiting, (node) => this.#leastAllocated(node)) },
      { weight: 1, of: this.#each(suiting, (node) => this.#balanced(node)) },
      { weight: 2, of: this.#spreadScores(suiting) },
      { weight: 2, of: this.#affinity.scoresOf(suiting) },
    ]
  }

  #rule(plugin: NodePlugin): NodeRule | undefined {
    return plugin.prepare(this.#pod.nodeWants, this.#state)
  }

  #byRule(plugin: NodePlugin, nodes: readonly Node[]): Scored {
    const rule = this.#rule(plugin)
    const raw = nodes.map((node) => {
      return rule?.score?.(node, this.#state.slots.find(node.metadata.name) ?? -1) ?? 0
    })
    const scores = rule?.normalize?.(raw) ?? raw
    return new Map(nodes.map((node, index) => [node, scores[index] ?? 0]))
  }

  #each(nodes: readonly Node[], score: (node: Node) => number): Scored {
    return new Map(nodes.map((node) => [node, score(node)]))
  }

  #podsOn(node: Node): Pod[] {
    return [...this.#plain.pods.values()].filter(({ spec }) => spec.nodeName === node.metadata.name)
  }

  #sum(node: Node, name: string, requests: (pod: Pod) => Readonly<Record<string, number>>): number {
    return this.#podsOn(node).reduce((sum, pod) => sum + (ownValue(requests(pod), name) ?? 0), 0)
  }

  #lackingAt(node: Node): string[] {
    const allocatable = amountsOf(node.status?.allocatable)
    const isFull = this.#podsOn(node).length + 1 > (allocatable.pods ?? 0)
    const lacking = Object.entries(podRequests(this.#source)).filter(([name, amount]) => {
      const free = (ownValue(allocatable, name) ?? 0) - this.#sum(node, name, podRequests)
      return amount > 0 && amount > free
    })
    return [
      ...(isFull ? ['Too many pods'] : []),
      ...lacking.map(([name]) => `Insufficient ${name}`),
    ]
  }

  #leastAllocated(node: Node): number {
    const left = ['cpu', 'memory'].map((name) => {
      const all = amountsOf(node.status?.allocatable)[name] ?? 0
      const asked =
        this.#sum(node, name, podRequestsForScoring) +
        (podRequestsForScoring(this.#source)[name] ?? 0)
      return all === 0 || asked > all ? 0 : Math.floor(((all - asked) * 100) / all)
    })
    return Math.floor(left.reduce((a, b) => a + b, 0) / 2)
  }

  #balanced(node: Node): number {
    const [cpu = 0, memory = 0] = ['cpu', 'memory'].map((name) => {
      const all = amountsOf(node.status?.allocatable)[name] ?? 0
      const asked = this.#sum(node, name, podRequests) + (podRequests(this.#source)[name] ?? 0)
      return all === 0 ? 0 : Math.min(1, asked / all)
    })
    return Math.floor((1 - Math.abs(cpu - memory) / 2) * 100)
  }

  #matching(node: Node, constraint: SpreadConstraint): number {
    return this.#podsOn(node).filter(({ metadata }) => {
      const isCounted = !metadata.deletionTimestamp && metadata.namespace === this.#pod.namespace
      return isCounted && this.#isSelected(constraint, metadata.labels)
    }).length
  }

  #isSelected(
    { labelSelector, matchLabelKeys = [] }: SpreadConstraint,
    labels: Record<string, string> = {},
  ): boolean {
    const isSame = (key: string) =>
      !(key in this.#pod.labels) || labels[key] === this.#pod.labels[key]
    return matchesLabels(labelSelectorOf(labelSelector), labels) && matchLabelKeys.every(isSame)
  }

  #isIncluded(node: Node, constraint: SpreadConstraint): boolean {
    const { nodeAffinityPolicy = 'Honor', nodeTaintsPolicy = 'Ignore' } = constraint
    const isAffine = !this.#rule(nodeAffinity)?.filter?.(node)
    const taint = untoleratedTaint(
      node.spec.taints ?? [],
      this.#pod.nodeWants.tolerations,
      (effect) => effect !== 'PreferNoSchedule',
    )
    return (
      (nodeAffinityPolicy === 'Ignore' || isAffine) &&
      (nodeTaintsPolicy === 'Ignore' || taint === undefined)
    )
  }

  #spreadReason(node: Node): string | undefined {
    const hard = this.#pod.spread.filter((each) => each.whenUnsatisfiable === 'DoNotSchedule')
    for (const constraint of hard) {
      const { topologyKey, maxSkew, minDomains = 1 } = constraint
      const value = labelOf(node, topologyKey)
      if (value === undefined) {
        return "node(s) didn't match pod topology spread constraints (missing required label)"
      }
      const sums = new Map<string | undefined, number>()
      for (const other of this.#plain.nodes.values()) {
        if (!hard.every((each) => labelOf(other, each.topologyKey) !== undefined)) continue
        if (!this.#isIncluded(other, constraint)) continue
        const domain = labelOf(other, topologyKey)
        sums.set(domain, (sums.get(domain) ?? 0) + this.#matching(other, constraint))
      }
      const least = sums.size < minDomains ? 0 : Math.min(...sums.values())
      const self = this.#isSelected(constraint, { ...this.#pod.labels }) ? 1 : 0
      if ((sums.get(value) ?? 0) + self - least > maxSkew) {
        return "node(s) didn't match pod topology spread constraints"
      }
    }
    return undefined
  }

  #defaults(): SpreadConstraint[] {
    const { namespace, labels, controller } = this.#pod
    const merged: Record<string, string> = {}
    for (const { metadata, spec } of this.#plain.services.values()) {
      const pairs = Object.entries(spec.selector ?? {})
      const selects = pairs.length > 0 && pairs.every(([key, value]) => labels[key] === value)
      if (metadata.namespace === namespace && selects) Object.assign(merged, spec.selector)
    }
    const owner = this.#plain.replicaSets.get(`${namespace}/${controller?.name}`)
    const labelSelector = {
      matchLabels: { ...merged, ...owner?.spec.selector.matchLabels },
    }
    if (Object.keys(labelSelector.matchLabels).length === 0) return []
    const whenUnsatisfiable = 'ScheduleAnyway'
    return [
      { maxSkew: 3, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable, labelSelector },
      { maxSkew: 5, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable, labelSelector },
    ]
  }

  #spreadScores(suiting: readonly Node[]): Scored {
    const isDefault = this.#pod.spread.length === 0
    const written = isDefault ? this.#defaults() : this.#pod.spread
    const soft = written.filter(({ whenUnsatisfiable }) => whenUnsatisfiable === 'ScheduleAnyway')
    if (soft.length === 0) return new Map()
    const hasAll = (node: Node) =>
      isDefault || soft.every(({ topologyKey }) => labelOf(node, topologyKey) !== undefined)
    const scored = suiting.filter(hasAll)
    const raw = new Map<Node, number>()
    for (const node of scored) {
      let score = 0
      for (const constraint of soft) {
        const { topologyKey, maxSkew } = constraint
        const value = labelOf(node, topologyKey)
        if (value === undefined) continue
        const isHostname = topologyKey === 'kubernetes.io/hostname'
        const domains = new Set(scored.map((each) => labelOf(each, topologyKey) ?? ''))
        const counted = [...this.#plain.nodes.values()].filter(
          (other) =>
            hasAll(other) &&
            this.#isIncluded(other, constraint) &&
            labelOf(other, topologyKey) === value,
        )
        const count = isHostname
          ? this.#matching(node, constraint)
          : counted.reduce((sum, other) => sum + this.#matching(other, constraint), 0)
        const weight = Math.log((isHostname ? scored.length : domains.size) + 2)
        score += count * weight + (maxSkew - 1)
      }
      raw.set(node, Math.round(score))
    }
    const best = Math.max(0, ...raw.values())
    const least = Math.min(...raw.values())
    return new Map(
      [...raw].map(([node, score]) => [
        node,
        best === 0 ? 100 : Math.floor((100 * (best + least - score)) / best),
      ]),
    )
  }
}
