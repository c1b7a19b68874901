import { fieldChanges, type Resource } from '@reckon/kubernetes'
import { isWithin } from './noise.ts'
import type { Author, HistoricChange } from './object-history.ts'

/** A field of an object with its value and who set it. */
export type BlamedField = { field: string; value: unknown; author: Author }

/** Each field of an object with its last author, from the object's changes in order. */
export class Blame {
  readonly #resource: Resource
  readonly #fields = new Map<string, BlamedField>()

  constructor(resource: Resource) {
    this.#resource = resource
  }

  get fields(): readonly BlamedField[] {
    return [...this.#fields.values()]
  }

  apply({ effect, object, fields: changed, author }: HistoricChange): void {
    const fields = this.#fields
    if (effect !== 'Changed') fields.clear()
    const made =
      effect === 'Created' ? fieldChanges(this.#resource, undefined, object, 'Empty') : changed
    for (const { field, to } of made) {
      for (const known of fields.keys()) if (isWithin(known, field)) fields.delete(known)
      if (to !== undefined) fields.set(field, { field, value: to, author })
    }
  }
}
