import { cleanupFinalizer, type StoredObject } from '@reckon/domain'
import { type CustomResourceDefinition, isTerminating } from '@reckon/kubernetes'

/** The next step for one definition. */
export type Step = { type: 'DeleteObject'; content: StoredObject } | { type: 'RemoveFinalizer' }

/**
 * When a definition is being deleted, its objects are deleted first; once none is left, its finalizer is removed. Pure.
 */
export function plan(
  definition: CustomResourceDefinition,
  contents: readonly StoredObject[],
): readonly Step[] {
  const { finalizers = [] } = definition.metadata
  if (!isTerminating(definition) || !finalizers.includes(cleanupFinalizer)) return []
  if (contents.length === 0) return [{ type: 'RemoveFinalizer' }]
  return contents
    .filter(({ object }) => !isTerminating(object))
    .map((content) => ({ type: 'DeleteObject', content }))
}
