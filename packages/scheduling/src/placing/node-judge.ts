import type { Node } from '@reckon/kubernetes'
import type { NodePlugin, WeightedPlugin } from '../framework.ts'
import type { ClusterState } from '../state/cluster-state.ts'
import type { NodeWants } from '../state/pod-traits.ts'
import type { Topology } from './counting.ts'
import { absent, rejectedCell } from './node-cell.ts'
import { NodeScores, type PreparedNodeRule } from './node-scores.ts'
import type { Rejections } from './rejections.ts'

/** What the nodes of one group have in common. */
export type GroupKind = {
  /** The raw scores, in the order of the plugins that score. */
  readonly scores: readonly number[]
  readonly domains: readonly number[]
}

type Options = {
  cluster: ClusterState
  rejections: Rejections
  plugins: readonly (WeightedPlugin & { plugin: NodePlugin })[]
  wants: NodeWants
  topologies: readonly Topology[]
}

/** Tells for a sort of pods of which group a node is, by its Node object alone, or what keeps them off it. */
export class NodeJudge {
  readonly kinds: GroupKind[] = []
  readonly scores: NodeScores
  readonly #scorers: readonly PreparedNodeRule[]
  readonly #filters: readonly PreparedNodeRule[]
  readonly #cluster: ClusterState
  readonly #rejections: Rejections
  readonly #topologies: readonly Topology[]
  readonly #root: Branch = { number: undefined, next: new Map() }

  constructor({ cluster, rejections, plugins, wants, topologies }: Options) {
    this.#cluster = cluster
    this.#rejections = rejections
    this.#topologies = topologies
    const rules = plugins.flatMap(({ plugin, weight }): PreparedNodeRule[] => {
      const rule = plugin.prepare(wants, cluster)
      return rule ? [{ plugin: plugin.name, weight, rule }] : []
    })
    this.#filters = rules.filter(({ rule }) => rule.filter)
    this.#scorers = rules.filter(({ rule, weight }) => rule.score && weight > 0)
    this.scores = new NodeScores(this.#scorers)
  }

  /** The group's number, or a cell of `node-cell.ts`. */
  cellOf(slot: number): number {
    const node = this.#cluster.nodeAt(slot)
    if (node === undefined) return absent
    for (const { plugin, rule } of this.#filters) {
      const reason = rule.filter?.(node)
      if (reason !== undefined) {
        return rejectedCell(this.#rejections.of(plugin, { lasting: [reason] }).id)
      }
    }
    let branch = this.#root
    for (const { rule } of this.#scorers) branch = branchAt(branch, rule.score?.(node, slot) ?? 0)
    for (const topology of this.#topologies) branch = branchAt(branch, this.#domain(topology, slot))
    branch.number ??= this.kinds.push(this.#kindOf(node, slot)) - 1
    return branch.number
  }

  #kindOf(node: Node, slot: number): GroupKind {
    return {
      scores: this.#scorers.map(({ rule }) => rule.score?.(node, slot) ?? 0),
      domains: this.#topologies.map((topology) => this.#domain(topology, slot)),
    }
  }

  #domain({ key, isOwn }: Topology, slot: number): number {
    const domain = this.#cluster.labelColumn(key).values[slot] ?? -1
    return isOwn ? Math.min(domain, 0) : domain
  }
}

/** A node of the tree in which a group is found by its scores and domains, one for each level: no key is made for it. */
type Branch = { number: number | undefined; readonly next: Map<number, Branch> }

function branchAt({ next }: Branch, value: number): Branch {
  const known = next.get(value)
  if (known !== undefined) return known
  const created: Branch = { number: undefined, next: new Map() }
  next.set(value, created)
  return created
}
