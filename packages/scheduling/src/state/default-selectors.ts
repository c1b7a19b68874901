import {
  isDeepEqual,
  labelMapSelector,
  labelSelectorOf,
  matchesLabels,
  type ReplicaSet,
  type Selector,
  type Service,
} from '@reckon/kubernetes'
import type { PodTraits } from './pod-traits.ts'

type Labels = Readonly<Record<string, string>> | undefined

/**
 * Which pods belong together though they do not say so: those of one Service and one ReplicaSet. As kube-scheduler's
 * DefaultSelector, which the default constraints of PodTopologySpread go by.
 */
export class DefaultSelectors {
  readonly #services = new Map<string, Map<string, Labels>>()
  readonly #replicaSets = new Map<string, ReplicaSet['spec']['selector']>()

  /** Answers whether that is news. */
  setService({ metadata: { namespace = '', name }, spec }: Service): boolean {
    const known = this.#services.get(namespace) ?? new Map<string, Labels>()
    this.#services.set(namespace, known)
    if (known.has(name) && isDeepEqual(known.get(name), spec.selector)) return false
    known.set(name, spec.selector)
    return true
  }

  removeService(namespace: string, name: string): boolean {
    return this.#services.get(namespace)?.delete(name) ?? false
  }

  setReplicaSet({ metadata: { namespace = '', name }, spec }: ReplicaSet): boolean {
    const key = `${namespace}/${name}`
    if (isDeepEqual(this.#replicaSets.get(key), spec.selector)) return false
    this.#replicaSets.set(key, spec.selector)
    return true
  }

  removeReplicaSet(namespace: string, name: string): boolean {
    return this.#replicaSets.delete(`${namespace}/${name}`)
  }

  /** What the pods beside this one have in common; `Nothing` where it stands alone. */
  of({ namespace, labels, controller }: PodTraits): Selector {
    const merged: Record<string, string> = {}
    for (const selected of this.#services.get(namespace)?.values() ?? []) {
      if (matchesLabels(labelMapSelector(selected), labels)) Object.assign(merged, selected)
    }
    const ofServices = labelSelectorOf({ matchLabels: merged })
    const owner = controller?.kind === 'ReplicaSet' ? `${namespace}/${controller.name}` : ''
    const ofOwner = labelSelectorOf(this.#replicaSets.get(owner))
    const all = [ofServices, ofOwner].flatMap((each) => (each === 'Nothing' ? [] : each))
    return all.length === 0 ? 'Nothing' : all
  }
}
