import {
  type Affinity,
  labelSelectorOf,
  matchesLabels,
  ownValue,
  type Pod,
  type Requirement,
  type Selector,
} from '@reckon/kubernetes'
import type { Namespaces } from './namespaces.ts'

type WrittenTerm = NonNullable<
  NonNullable<Affinity['podAffinity']>['requiredDuringSchedulingIgnoredDuringExecution']
>[number]

/** One term of a pod's affinity or anti-affinity to other pods, in a canonical form. */
export type AffinityTerm = {
  /** Equal for terms with the same meaning, whichever pod has them. */
  readonly id: string
  /** Nodes with the same value of this label are one domain. */
  readonly topologyKey: string
  readonly selector: Selector
  readonly namespaces: readonly string[]
  readonly namespaceSelector: Selector
}

/** The part of a pod that its terms refer to. */
export type TermHolder = Pick<Pod['metadata'], 'namespace' | 'labels'>

/**
 * The term with the defaults that follow from its pod: without namespaces it means the pod's own; `matchLabelKeys` and
 * `mismatchLabelKeys` become requirements with the pod's values.
 */
export function affinityTermOf(
  written: WrittenTerm,
  { namespace = '', labels }: TermHolder,
): AffinityTerm {
  const { topologyKey, labelSelector, matchLabelKeys = [], mismatchLabelKeys = [] } = written
  const isAnywhere = written.namespaceSelector === undefined
  const given = written.namespaces ?? []
  const namespaces = isAnywhere && given.length === 0 ? [namespace] : [...given].sort()
  const base = labelSelectorOf(labelSelector)
  const selector =
    base === 'Nothing'
      ? base
      : [
          ...base,
          ...requirementsOf(matchLabelKeys, labels, 'In'),
          ...requirementsOf(mismatchLabelKeys, labels, 'NotIn'),
        ]
  const namespaceSelector = labelSelectorOf(written.namespaceSelector)
  const id = JSON.stringify([topologyKey, selector, namespaces, namespaceSelector])
  return { id, topologyKey, selector, namespaces, namespaceSelector }
}

/** Requirements for these label keys with the pod's own values; keys that it lacks are ignored. */
export function requirementsOf(
  keys: readonly string[],
  labels: Readonly<Record<string, string>> | undefined,
  operator: 'In' | 'NotIn',
): Requirement[] {
  return keys.flatMap((key) => {
    const value = ownValue(labels, key)
    return value === undefined ? [] : [{ key, operator, values: [value] }]
  })
}

/** Whether the term matches a pod with this namespace and these labels. */
export function isMeant(
  { namespaces, namespaceSelector, selector }: AffinityTerm,
  pod: { readonly namespace: string; readonly labels: Readonly<Record<string, string>> },
  known: Namespaces,
): boolean {
  const isThere =
    namespaces.includes(pod.namespace) ||
    (namespaceSelector !== 'Nothing' &&
      matchesLabels(namespaceSelector, known.labelsOf(pod.namespace)))
  return isThere && matchesLabels(selector, pod.labels)
}
