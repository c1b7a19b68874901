import {
  checkFieldSelector,
  type KubernetesObject,
  matchesFields,
  matchesLabels,
  parseFieldSelector,
  parseLabelSelector,
  type Resource,
  type Selector,
} from '@reckon/kubernetes'
import type { Query } from '../requests/request-context.ts'

/** Which objects of a resource a request is about. */
export type Selection = {
  /** Whether anything narrows it beyond the namespace. */
  isAll: boolean
  /** What their labels must be. */
  labels: Selector
  matches(object: KubernetesObject): boolean
}

/** The objects that a path and its selectors name; a selector that makes no sense is refused with 400. */
export function selectionOf(
  resource: Resource,
  query: Query,
  namespace: string | undefined,
): Selection {
  const labels = parseLabelSelector(query.labelSelector ?? '')
  const fields = parseFieldSelector(query.fieldSelector ?? '')
  checkFieldSelector(resource, fields)
  return {
    labels,
    isAll: labels.length === 0 && fields.length === 0,
    matches: (object) =>
      (namespace === undefined || object.metadata.namespace === namespace) &&
      matchesLabels(labels, object.metadata.labels) &&
      matchesFields(resource, fields, object),
  }
}
