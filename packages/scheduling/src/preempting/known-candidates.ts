import type { ClusterState } from '../state/cluster-state.ts'
import type { Unplaced, Unsuited } from './unplaced.ts'
import { type PreemptionCandidate, victimsAt } from './victims.ts'

type Found = PreemptionCandidate | Unsuited

/**
 * A cache of the victims found on each node, for pods with equal traits that do not depend on other nodes: valid until
 * something on that node, or a disruption budget, changes.
 */
export class KnownCandidates {
  readonly #found = new Map<number, Found>()
  #seen = -1
  #seenBudgets = -1

  at(slot: number, unplaced: Unplaced): Found {
    this.#refresh(unplaced.cluster)
    const known = this.#found.get(slot)
    if (known !== undefined) return known
    const found = victimsAt(slot, unplaced)
    this.#found.set(slot, found)
    return found
  }

  #refresh({ loadChanges, budgets }: ClusterState): void {
    if (this.#seen === loadChanges.version && this.#seenBudgets === budgets.version) return
    const isSame = this.#seenBudgets === budgets.version && this.#seen >= 0
    if (isSame && loadChanges.reachesTo(this.#seen)) {
      for (let version = this.#seen; version < loadChanges.version; version += 1) {
        this.#found.delete(loadChanges.at(version))
      }
    } else this.#found.clear()
    this.#seen = loadChanges.version
    this.#seenBudgets = budgets.version
  }
}
