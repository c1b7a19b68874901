import { fieldChanges, type Resource } from '@reckon/kubernetes'
import { isWithin } from './noise.ts'
import type { Author, HistoricChange } from './object-history.ts'

/** A field of an object as it is, and who gave it that value. */
export type BlamedField = { field: string; value: unknown; author: Author }

/** Each field of an object with its last author, from the changes that made it. Pure. */
export function blame(
  resource: Resource,
  changes: Iterable<HistoricChange>,
): readonly BlamedField[] {
  const fields = new Map<string, BlamedField>()
  for (const { effect, object, fields: changed, author } of changes) {
    if (effect !== 'Changed') fields.clear()
    if (effect === 'Deleted') continue
    const made = effect === 'Created' ? fieldChanges(resource, undefined, object, 'Empty') : changed
    for (const { field, to } of made) {
      for (const known of fields.keys()) if (isWithin(known, field)) fields.delete(known)
      if (to !== undefined) fields.set(field, { field, value: to, author })
    }
  }
  return [...fields.values()]
}
