import type { NodePlugin, NodeRule, WeightedPlugin } from '../framework.ts'
import type { ClusterState } from '../state/cluster-state.ts'
import type { NodeWants } from '../state/pod-traits.ts'
import type { Topology } from './counting.ts'
import { absent, rejectedCell } from './node-cell.ts'
import type { Rejections } from './rejections.ts'

export type PreparedNodeRule = { plugin: string; weight: number; rule: NodeRule }

/** What the nodes of one group have in common. */
export type GroupKind = {
  /** The raw scores, in the order of `scorers`. */
  readonly scores: readonly number[]
  readonly domains: readonly number[]
}

/** For pods that name their nodes: these, and what holds of all others, found once for all such pods. */
type Named = { readonly names: ReadonlySet<string>; readonly others: Grouping }

type Options = {
  cluster: ClusterState
  rejections: Rejections
  plugins: readonly (WeightedPlugin & { plugin: NodePlugin })[]
  wants: NodeWants
  topologies: readonly Topology[]
  named: Named | undefined
}

/**
 * Sorts the nodes, by their Node objects alone, into those that a sort of pods cannot run on and groups of equal ones.
 */
export class Grouping {
  /** By slot: the group's number, or a cell of `node-cell.ts`. */
  cells = new Int32Array(0)
  readonly kinds: GroupKind[] = []
  readonly scorers: readonly PreparedNodeRule[]
  readonly #filters: readonly PreparedNodeRule[]
  readonly #cluster: ClusterState
  readonly #rejections: Rejections
  readonly #topologies: readonly Topology[]
  readonly #named: Named | undefined
  readonly #numbers = new Map<string, number>()
  #seen = -1

  constructor({ cluster, rejections, plugins, wants, topologies, named }: Options) {
    this.#cluster = cluster
    this.#rejections = rejections
    this.#topologies = topologies
    this.#named = named
    const rules = plugins.flatMap(({ plugin, weight }): PreparedNodeRule[] => {
      const rule = plugin.prepare(wants, cluster)
      return rule ? [{ plugin: plugin.name, weight, rule }] : []
    })
    this.#filters = rules.filter(({ rule }) => rule.filter)
    this.scorers = rules.filter(({ rule, weight }) => rule.score && weight > 0)
  }

  /** Takes in the nodes that changed. */
  refresh(): void {
    const { nodeChanges, slots } = this.#cluster
    if (this.#seen === nodeChanges.version) return
    this.#named?.others.refresh()
    if (this.#seen < 0 || !nodeChanges.reachesTo(this.#seen)) {
      this.#lookAtAll()
    } else {
      this.#grow(slots.capacity)
      for (let version = this.#seen; version < nodeChanges.version; version += 1) {
        this.#look(nodeChanges.at(version))
      }
    }
    this.#seen = nodeChanges.version
  }

  #lookAtAll(): void {
    const { slots } = this.#cluster
    if (this.#named === undefined) {
      this.cells = new Int32Array(slots.capacity).fill(absent)
      for (const slot of slots.order.subarray(0, slots.count)) this.#look(slot)
      return
    }
    const { names, others } = this.#named
    this.cells = others.cells.slice()
    for (const name of names) {
      const slot = slots.find(name)
      if (slot !== undefined) this.#look(slot)
    }
    // Where nothing keeps pods to the nodes that they name, others may suit too.
    for (let slot = 0; slot < slots.capacity; slot += 1) {
      if ((others.cells[slot] ?? absent) >= 0) this.#look(slot)
    }
  }

  #look(slot: number): void {
    this.cells[slot] = this.#cellOf(slot)
  }

  #cellOf(slot: number): number {
    const node = this.#cluster.nodeAt(slot)
    if (node === undefined) return absent
    if (this.#named?.names.has(node.metadata.name) === false) {
      const cell = this.#named.others.cells[slot] ?? absent
      if (cell < 0) return cell
    }
    for (const { plugin, rule } of this.#filters) {
      const reason = rule.filter?.(node)
      if (reason !== undefined) {
        return rejectedCell(this.#rejections.of(plugin, { lasting: [reason] }).id)
      }
    }
    const scores = this.scorers.map(({ rule }) => rule.score?.(node, slot) ?? 0)
    const domains = this.#topologies.map(({ key, isOwn }) => {
      const domain = this.#cluster.labelColumn(key).values[slot] ?? -1
      return isOwn ? Math.min(domain, 0) : domain
    })
    return this.#numberOf({ scores, domains })
  }

  #numberOf(kind: GroupKind): number {
    const key = `${kind.scores.join()} ${kind.domains.join()}`
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    const number = this.kinds.push(kind) - 1
    this.#numbers.set(key, number)
    return number
  }

  #grow(capacity: number): void {
    if (capacity <= this.cells.length) return
    const cells = new Int32Array(capacity).fill(absent)
    cells.set(this.cells)
    this.cells = cells
  }
}
