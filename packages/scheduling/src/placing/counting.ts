import type { ClusterState } from '../state/cluster-state.ts'
import type { PodCounter } from '../state/pod-counter.ts'
import type { DomainSums } from './domain-sums.ts'
import type { Eligibility, EligibleNodes } from './eligible-nodes.ts'
import type { Group } from './group.ts'
import type { NodeSums } from './node-sums.ts'
import type { SharedSums } from './shared-sums.ts'

/** How many pods of some sort stand in each domain of a topology, on eligible nodes. */
export type TopologyCount = {
  /** Whether these nodes have such a domain. */
  has(group: Group): boolean
  /** How many there are in the domain of these nodes; none where they have no such domain. */
  of(group: Group): number
  /** How many domains these groups lie in, those without one aside. */
  domainsAmong(groups: readonly Group[]): number
  /** What all groups have in common. */
  readonly sums: DomainSums | NodeSums
}

/**
 * A label key by whose values nodes are told apart; `isOwn`: only whether they have it, for each is a domain of its
 * own.
 */
export type Topology = { readonly key: string; readonly isOwn: boolean }

/** Takes down, while plugins prepare for a class of pods, what is to be counted for it. */
export class Counting {
  readonly cluster: ClusterState
  readonly topologies: Topology[] = []
  /** What is counted for each node, in the order of a group's `counts`. */
  readonly byNode: NodeSums[] = []
  readonly sums = new Set<DomainSums | NodeSums>()
  readonly #shared: SharedSums

  constructor(cluster: ClusterState, shared: SharedSums) {
    this.cluster = cluster
    this.#shared = shared
  }

  /** `name` says all about the eligibility. */
  eligible(name: string, eligibility: Eligibility): EligibleNodes {
    return this.#shared.eligible(name, eligibility)
  }

  /** The pods of a counter in each domain of a label key. */
  inDomains(counter: PodCounter, key: string, eligible: EligibleNodes): TopologyCount {
    if (this.cluster.labelColumn(key).isUnique) return this.onNodes(counter, key, eligible)
    const sums = this.#shared.byDomain(counter, key, eligible)
    this.sums.add(sums)
    const at = this.#numberOf({ key, isOwn: false })
    const domainOf = ({ domains }: Group): number => domains[at] ?? -1
    return {
      has: (group) => domainOf(group) >= 0,
      of: (group) => sums.of(domainOf(group)),
      domainsAmong: (groups) => new Set(groups.map(domainOf).filter((domain) => domain >= 0)).size,
      sums,
    }
  }

  /** The pods of a counter on each node that has the label key, whatever its value. */
  onNodes(counter: PodCounter, key: string, eligible: EligibleNodes): TopologyCount {
    const sums = this.#shared.byNode(counter, eligible)
    this.sums.add(sums)
    const at = this.#numberOf({ key, isOwn: true })
    const known = this.byNode.indexOf(sums)
    const index = known < 0 ? this.byNode.push(sums) - 1 : known
    const has = ({ domains }: Group): boolean => (domains[at] ?? -1) >= 0
    return {
      has,
      of: ({ counts }) => counts[index] ?? 0,
      domainsAmong: (groups) => groups.reduce((n, each) => n + (has(each) ? each.size : 0), 0),
      sums,
    }
  }

  #numberOf(topology: Topology): number {
    const isSame = ({ key, isOwn }: Topology) => key === topology.key && isOwn === topology.isOwn
    const known = this.topologies.findIndex(isSame)
    return known < 0 ? this.topologies.push(topology) - 1 : known
  }
}
