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
  /** Where it is the same, so are the objects. */
  id: string
  /** The namespace and the name that all of them have, where it is one. */
  namespace: string | undefined
  name: string | undefined
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
  const named = fields.find(({ field, equal }) => field === 'metadata.name' && equal)
  return {
    id: JSON.stringify([namespace, query.labelSelector, query.fieldSelector]),
    namespace,
    name: named?.value,
    labels,
    isAll: labels.length === 0 && fields.length === 0,
    matches: (object) =>
      (namespace === undefined || object.metadata.namespace === namespace) &&
      matchesLabels(labels, object.metadata.labels) &&
      matchesFields(resource, fields, object),
  }
}
