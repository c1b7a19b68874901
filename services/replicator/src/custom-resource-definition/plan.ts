import { cleanupFinalizer, type StoredObject } from '@reckon/domain'
import { type CustomResourceDefinition, isTerminating } from '@reckon/kubernetes'

/** What the controller does next for one definition. */
export type Step = { type: 'DeleteObject'; content: StoredObject } | { type: 'RemoveFinalizer' }

/** Of a definition that is being deleted every object goes first; once none is left, it may go itself. Pure. */
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
