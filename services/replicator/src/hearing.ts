import type { Resource } from '@reckon/kubernetes'
import type { Controller } from './controller.ts'

/** A controller with the kinds whose changes it receives. */
export type Hearing = { readonly controller: Controller; hears(resource: Resource): boolean }

/** The kinds that it receives changes of; none for a controller that is not triggered by objects. */
export const hearing = (controller: Controller, ...kinds: readonly Resource[]): Hearing => ({
  controller,
  hears: (resource) => kinds.includes(resource),
})

/** It receives changes of every kind for which this is true. */
export const hearingWhere = (controller: Controller, hears: Hearing['hears']): Hearing => ({
  controller,
  hears,
})

/** Finds the controllers that receive changes of a kind; cached for each kind. */
export function hearersOf<T extends Pick<Hearing, 'hears'>>(
  all: readonly T[],
): (resource: Resource) => readonly T[] {
  const known = new WeakMap<Resource, readonly T[]>()
  return (resource) => {
    const found = known.get(resource) ?? all.filter((each) => each.hears(resource))
    known.set(resource, found)
    return found
  }
}
