import type { Policy, TopologyRule } from '../framework.ts'
import type { ClusterState } from '../state/cluster-state.ts'
import { Candidate } from './candidate.ts'
import type { Counting } from './counting.ts'
import type { DomainSums } from './domain-sums.ts'
import type { ExceptionalGroup, Exceptions } from './exceptions.ts'
import type { Group } from './group.ts'
import type { NodeSums } from './node-sums.ts'
import type { RankedNodes } from './ranking.ts'
import type { Tally } from './tally.ts'

export type PreparedTopologyRule = { plugin: string; weight: number; rule: TopologyRule }

type Scorer = { plugin: string; weight: number; score: NonNullable<TopologyRule['score']> }

type Options = {
  cluster: ClusterState
  policy: Policy
  ranking: RankedNodes
  /** Undefined if the class counts no pods node by node. */
  exceptions: Exceptions | undefined
  counting: Counting
  rules: readonly PreparedTopologyRule[]
}

/**
 * Everything that is cached for pods with the same traits. It is brought up to date when one of them is to be placed.
 */
export class PodClass {
  readonly cluster: ClusterState
  readonly policy: Policy
  readonly ranking: RankedNodes
  readonly exceptions: Exceptions | undefined
  readonly rules: readonly PreparedTopologyRule[]
  /** The rules with a score and a weight above 0. */
  readonly scorers: readonly Scorer[]
  readonly #counting: Counting
  readonly #ordinary: Candidate[] = []
  readonly #exceptional: Candidate[] = []

  constructor({ cluster, policy, ranking, exceptions, counting, rules }: Options) {
    this.cluster = cluster
    this.policy = policy
    this.ranking = ranking
    this.exceptions = exceptions
    this.rules = rules
    this.scorers = rules.flatMap(({ plugin, weight, rule: { score } }) =>
      score && weight > 0 ? [{ plugin, weight, score }] : [],
    )
    this.#counting = counting
  }

  /** The counters of the class. */
  get sums(): ReadonlySet<DomainSums | NodeSums> {
    return this.#counting.sums
  }

  /** A single node as a group, with its domains and counts. */
  groupAt(slot: number): Group {
    const { groups } = this.ranking
    const { domains = [] } = groups.judge.kinds[groups.cellAt(slot)] ?? {}
    return { size: 1, domains, counts: this.#counting.byNode.map((sums) => sums.at(slot)) }
  }

  refresh(): void {
    this.ranking.refresh()
    for (const sums of this.#counting.sums) sums.refresh()
    this.exceptions?.refresh()
  }

  /** All groups that are not empty. */
  candidates(): Candidate[] {
    const present: Candidate[] = []
    this.ranking.tallies.forEach((all, group) => {
      const known = this.#ordinary[group] ?? this.#candidateOf(group, all)
      this.#ordinary[group] = known
      if (known.size > 0) present.push(known)
    })
    this.exceptions?.groups.forEach((exceptional, index) => {
      const { group, tally } = exceptional
      if (tally.size === 0) return
      const known = this.#exceptional[index] ?? this.#candidateOf(group, tally, exceptional)
      this.#exceptional[index] = known
      present.push(known)
    })
    return present
  }

  #candidateOf(group: number, all: Tally, exceptional?: ExceptionalGroup): Candidate {
    const kind = this.ranking.groups.judge.kinds[group] ?? { scores: [], domains: [] }
    return new Candidate({ group, kind, all, exceptions: this.exceptions }, exceptional)
  }
}
