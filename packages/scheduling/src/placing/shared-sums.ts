import type { ClusterState } from '../state/cluster-state.ts'
import type { PodCounter } from '../state/pod-counter.ts'
import { DomainSums } from './domain-sums.ts'
import { type Eligibility, EligibleNodes } from './eligible-nodes.ts'
import { NodeSums } from './node-sums.ts'

/** Counts that are computed once for all classes of pods that need them. */
export class SharedSums {
  readonly #cluster: ClusterState
  readonly #eligible = new Map<string, EligibleNodes>()
  readonly #byDomain = new Map<string, DomainSums>()
  readonly #byNode = new Map<string, NodeSums>()

  constructor(cluster: ClusterState) {
    this.#cluster = cluster
  }

  /** `name` says all about the eligibility. */
  eligible(name: string, eligibility: Eligibility): EligibleNodes {
    return remembered(this.#eligible, name, () => {
      return new EligibleNodes(this.#cluster, name, eligibility)
    })
  }

  byDomain(counter: PodCounter, key: string, eligible: EligibleNodes): DomainSums {
    const name = JSON.stringify([counter.name, key, eligible.name])
    return remembered(this.#byDomain, name, () => new DomainSums({ counter, key, eligible }))
  }

  byNode(counter: PodCounter, eligible: EligibleNodes): NodeSums {
    const name = JSON.stringify([counter.name, eligible.name])
    return remembered(this.#byNode, name, () => new NodeSums(name, counter, eligible))
  }
}

function remembered<T>(known: Map<string, T>, name: string, create: () => T): T {
  const found = known.get(name) ?? create()
  known.set(name, found)
  return found
}
