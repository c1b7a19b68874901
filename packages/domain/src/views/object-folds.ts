import type { Fold } from '@reckon/eventing'
import type { Resource } from '@reckon/kubernetes'
import { objectFold } from '../object-fold.ts'
import type { StoredObject } from '../stored-object.ts'
import type { KeyRing } from './key-ring.ts'

/** The fold of each kind's objects, created when it is first needed. */
export class ObjectFolds {
  readonly #keys: KeyRing
  readonly #byResource = new Map<Resource, Fold<StoredObject | undefined>>()

  /** @param keys Open what is encrypted in the events. */
  constructor(keys: KeyRing) {
    this.#keys = keys
  }

  of(resource: Resource): Fold<StoredObject | undefined> {
    const known = this.#byResource.get(resource)
    if (known !== undefined) return known
    const fold = objectFold(resource, (event) => this.#keys.open(event))
    this.#byResource.set(resource, fold)
    return fold
  }
}
