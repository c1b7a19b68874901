import {
  isDeepEqual,
  type KubernetesObject,
  type LabelSelector,
  labelMapSelector,
  labelSelectorOf,
  matchesLabels,
  type Selector,
  type Service,
} from '@reckon/kubernetes'
import type { PodTraits } from './pod-traits.ts'

/** An owner whose pods belong together. */
export type Grouping = Pick<KubernetesObject, 'kind' | 'metadata'> & { selector: LabelSelector }

type Labels = Readonly<Record<string, string>> | undefined

/**
 * Which pods belong together without constraints of their own: those of one Service and one owner. This is
 * kube-scheduler's DefaultSelector, which the default constraints of PodTopologySpread use.
 */
export class DefaultSelectors {
  readonly #services = new Map<string, Map<string, Labels>>()
  readonly #sets = new Map<string, LabelSelector>()

  /** Returns whether anything changed. */
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

  setGrouping({ kind, metadata: { namespace = '', name }, selector }: Grouping): boolean {
    const key = groupingKey(kind, namespace, name)
    if (isDeepEqual(this.#sets.get(key), selector)) return false
    this.#sets.set(key, selector)
    return true
  }

  removeGrouping(kind: string, namespace: string, name: string): boolean {
    return this.#sets.delete(groupingKey(kind, namespace, name))
  }

  /** The selector of the pods that belong together with this one; `Nothing` where there are none. */
  of({ namespace, labels, controller }: PodTraits): Selector {
    const services = this.#services.get(namespace)
    if (services === undefined && controller === undefined) return 'Nothing'
    const merged: Record<string, string> = {}
    for (const selected of services?.values() ?? []) {
      if (matchesLabels(labelMapSelector(selected), labels)) Object.assign(merged, selected)
    }
    const ofServices = labelSelectorOf({ matchLabels: merged })
    const owner = groupingKey(controller?.kind ?? '', namespace, controller?.name ?? '')
    const ofOwner = labelSelectorOf(this.#sets.get(owner))
    const all = [ofServices, ofOwner].flatMap((each) => (each === 'Nothing' ? [] : each))
    return all.length === 0 ? 'Nothing' : all
  }
}

/** `replicaset default/web`. */
export const groupingKey = (kind: string, namespace: string, name: string): string =>
  `${kind.toLowerCase()} ${namespace}/${name}`
