import {
  labelSelectorOf,
  matchesLabels,
  type PodDisruptionBudget,
  type Selector,
} from '@reckon/kubernetes'
import type { PlacedPod } from './placed-pod.ts'

type Budget = {
  readonly namespace: string
  readonly selector: Selector
  readonly allowed: number
  /** Names of pods whose disruption is already counted. */
  readonly disrupted: ReadonlySet<string>
  /** Its relevant content as one text. */
  readonly said: string
}

/** The disruption budgets, by which one knows whose eviction would violate one. */
export class DisruptionBudgets {
  readonly #budgets = new Map<string, Budget>()
  #version = 0

  /** Changes when one of them may have changed. */
  get version(): number {
    return this.#version
  }

  set(budget: PodDisruptionBudget): void {
    const { metadata, spec, status } = budget
    const { namespace = '', name } = metadata
    const key = `${namespace}/${name}`
    const said = JSON.stringify(whatBudgetsSay(budget))
    if (this.#budgets.get(key)?.said === said) return
    this.#version += 1
    this.#budgets.set(key, {
      ...{ namespace, said },
      selector: labelSelectorOf(spec.selector),
      allowed: status?.disruptionsAllowed ?? 0,
      disrupted: new Set(Object.keys(status?.disruptedPods ?? {})),
    })
  }

  remove(namespace: string, name: string): void {
    if (this.#budgets.delete(`${namespace}/${name}`)) this.#version += 1
  }

  /**
   * Those of some pods whose eviction, in this order, would violate a budget. After kube-scheduler's
   * filterPodsWithPDBViolation.
   */
  protecting(pods: readonly PlacedPod[]): ReadonlySet<PlacedPod> {
    if (this.#budgets.size === 0) return none
    const left = new Map([...this.#budgets.values()].map((budget) => [budget, budget.allowed]))
    return new Set(pods.filter((pod) => this.#spend(pod, left)))
  }

  #spend({ name, equal }: PlacedPod, left: Map<Budget, number>): boolean {
    const { namespace, labels } = equal.traits
    let isViolated = false
    for (const [budget, allowed] of left) {
      // As in kube-scheduler, a budget that selects everything counts as none, and a pod without labels is in no budget.
      const isEmpty = budget.selector.length === 0 || Object.keys(labels).length === 0
      if (isEmpty || budget.namespace !== namespace || budget.disrupted.has(name)) continue
      if (!matchesLabels(budget.selector, labels)) continue
      left.set(budget, allowed - 1)
      isViolated ||= allowed <= 0
    }
    return isViolated
  }
}

const none: ReadonlySet<PlacedPod> = new Set()

/** The part of a budget that placements depend on. */
export const whatBudgetsSay = ({ spec, status }: PodDisruptionBudget) => [
  spec.selector,
  status?.disruptionsAllowed,
  Object.keys(status?.disruptedPods ?? {}).sort(),
]
