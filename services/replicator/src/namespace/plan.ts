import type { StoredObject } from '@reckon/domain'
import { isTerminating, type Namespace } from '@reckon/kubernetes'

/** What the controller does next for one namespace. */
export type Step = { type: 'DeleteObject'; content: StoredObject } | { type: 'FinalizeNamespace' }

/**
 * A terminating namespace is emptied; once it is empty, it ends. What lives in one that is gone (undefined) goes too.
 * Pure.
 */
export function plan(
  namespace: Namespace | undefined,
  contents: readonly StoredObject[],
): readonly Step[] {
  if (namespace !== undefined && !isTerminating(namespace)) return []
  if (namespace !== undefined && contents.length === 0) return [{ type: 'FinalizeNamespace' }]
  return contents
    .filter(({ object }) => !isTerminating(object))
    .map((content) => ({ type: 'DeleteObject', content }))
}
