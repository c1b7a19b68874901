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

/** Which objects of a resource a request selects. */
export type Selection = {
  /** Selections with the same id select the same objects. */
  id: string
  /** The namespace and the name that all selected objects have, where there is just one. */
  namespace: string | undefined
  name: string | undefined
  /** Whether nothing but the namespace narrows it. */
  isAll: boolean
  /** Whether field selectors narrow it. */
  isByFields: boolean
  /** The requirements on labels. */
  labels: Selector
  matches(object: KubernetesObject): boolean
}

/** The selection that a path and its selectors describe; a malformed selector is refused with 400. */
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
    isByFields: fields.length > 0,
    matches: (object) =>
      (namespace === undefined || object.metadata.namespace === namespace) &&
      matchesLabels(labels, object.metadata.labels) &&
      matchesFields(resource, fields, object),
  }
}
